package dev.redisreplication.sandbox.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.protobuf.MessageTable.Field;
import dev.redisreplication.sandbox.protobuf.MessageTable.Shape;
import dev.redisreplication.sandbox.protobuf.MessageTable.Zero;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * Objects in Kubernetes' protobuf envelope, read as the JSON that the same client would have sent. Fields that are not
 * known are passed over, as a real API server does. Thread-safe.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding">the envelope</a>
 */
public final class Protobuf {
    /** The content type of the envelope. */
    public static final String CONTENT_TYPE = "application/vnd.kubernetes.protobuf";

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final MessageTable TABLE = MessageTable.get();

    private Protobuf() {}

    /** A kind that cannot be read from protobuf here. */
    public static final class UnknownKindException extends IOException {
        private static final long serialVersionUID = 1;

        UnknownKindException(String apiVersion, String kind) {
            super(apiVersion + " " + kind + " as protobuf");
        }
    }

    /**
     * Reads an object with its envelope.
     *
     * @throws UnknownKindException when the kind is not in the table
     * @throws IOException when the bytes are something else, cut short or damaged
     */
    public static ObjectNode read(byte[] body) throws IOException {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("protobuf: the bytes do not begin with k8s");
        }
        WireReader envelope = new WireReader(Arrays.copyOfRange(body, MAGIC.length, body.length));
        String apiVersion = "";
        String kind = "";
        byte[] raw = new byte[0];
        for (int field = envelope.next(); field != 0; field = envelope.next()) {
            switch (field) {
                case 1 -> {
                    WireReader type = new WireReader(envelope.block());
                    for (int part = type.next(); part != 0; part = type.next()) {
                        switch (part) {
                            case 1 -> apiVersion = type.text();
                            case 2 -> kind = type.text();
                            default -> type.skip();
                        }
                    }
                }
                case 2 -> raw = envelope.block();
                default -> envelope.skip();
            }
        }
        String message = TABLE.ofKind(apiVersion, kind);
        if (message == null) {
            throw new UnknownKindException(apiVersion, kind);
        }
        ObjectNode object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        fill(object, message, raw);
        return object;
    }

    private static void fill(ObjectNode object, String message, byte[] bytes) throws IOException {
        Map<Integer, Field> fields = TABLE.fields(message);
        WireReader in = new WireReader(bytes);
        for (int number = in.next(); number != 0; number = in.next()) {
            Field field = fields.get(number);
            if (field == null) {
                in.skip();
            } else if (field.inline()) {
                fill(object, field.type(), in.block());
            } else if (field.shape() == Shape.LIST) {
                ArrayNode list = object.get(field.name()) instanceof ArrayNode a ? a : object.putArray(field.name());
                list.add(value(field.type(), in));
            } else if (field.shape() == Shape.MAP) {
                entry(Json.child(object, field.name()), field.type(), in.block());
            } else {
                JsonNode value = value(field.type(), in);
                if (field.zero() != Zero.NEVER || !isZero(value)) {
                    object.set(field.name(), value);
                }
            }
        }
    }

    private static void entry(ObjectNode map, String type, byte[] bytes) throws IOException {
        WireReader in = new WireReader(bytes);
        String key = "";
        JsonNode value = null;
        for (int number = in.next(); number != 0; number = in.next()) {
            switch (number) {
                case 1 -> key = in.text();
                case 2 -> value = value(type, in);
                default -> in.skip();
            }
        }
        map.set(key, value == null ? JsonNodeFactory.instance.textNode("") : value);
    }

    private static JsonNode value(String type, WireReader in) throws IOException {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (type) {
            case "string" -> make.textNode(in.text());
            case "bytes" -> make.textNode(Base64.getEncoder().encodeToString(in.block()));
            case "int" -> make.numberNode(in.number());
            case "bool" -> make.booleanNode(in.number() != 0);
            case "quantity" -> make.textNode(quantity(in.block()));
            case "int-or-string" -> intOrString(in.block());
            case "time" -> time(in.block(), DateTimeFormatter.ISO_INSTANT);
            case "micro-time" -> time(in.block(), MICROS);
            case "json" -> json(in.block());
            default -> {
                ObjectNode object = Json.object();
                fill(object, type, in.block());
                yield object;
            }
        };
    }

    private static boolean isZero(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.asText().isEmpty())
                || (value.isNumber() && value.asLong() == 0)
                || (value.isBoolean() && !value.asBoolean());
    }

    private static String quantity(byte[] bytes) throws IOException {
        WireReader in = new WireReader(bytes);
        String text = "0";
        for (int number = in.next(); number != 0; number = in.next()) {
            if (number == 1) {
                text = in.text();
            } else {
                in.skip();
            }
        }
        return text;
    }

    private static JsonNode intOrString(byte[] bytes) throws IOException {
        WireReader in = new WireReader(bytes);
        long isText = 0;
        long number = 0;
        String text = "";
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> isText = in.number();
                case 2 -> number = in.number();
                case 3 -> text = in.text();
                default -> in.skip();
            }
        }
        JsonNodeFactory make = JsonNodeFactory.instance;
        return isText == 1 ? make.textNode(text) : make.numberNode(number);
    }

    /** Null for no time at all. */
    private static JsonNode time(byte[] bytes, DateTimeFormatter format) throws IOException {
        WireReader in = new WireReader(bytes);
        long seconds = 0;
        long nanos = 0;
        boolean any = false;
        for (int field = in.next(); field != 0; field = in.next()) {
            any = true;
            switch (field) {
                case 1 -> seconds = in.number();
                case 2 -> nanos = in.number();
                default -> in.skip();
            }
        }
        JsonNodeFactory make = JsonNodeFactory.instance;
        try {
            return any ? make.textNode(format.format(Instant.ofEpochSecond(seconds, nanos))) : make.nullNode();
        } catch (DateTimeException e) {
            throw new IOException("protobuf: no time: " + seconds + " s", e);
        }
    }

    /** JSON that is inside of the message as bytes. */
    private static JsonNode json(byte[] bytes) throws IOException {
        WireReader in = new WireReader(bytes);
        byte[] raw = "null".getBytes(StandardCharsets.UTF_8);
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                raw = in.block();
            } else {
                in.skip();
            }
        }
        return Json.read(raw);
    }
}
