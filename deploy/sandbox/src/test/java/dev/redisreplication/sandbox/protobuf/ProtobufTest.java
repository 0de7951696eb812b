package dev.redisreplication.sandbox.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects in both forms, as Kubernetes' own library writes them: {@code wire-table} has made them. */
class ProtobufTest {
    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = ProtobufTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** Go writes empty structs and zero times that mean what their absence means. */
    private static JsonNode plain(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(
                    object.properties().stream().map(Map.Entry::getKey).toList())) {
                JsonNode value = plain(object.get(name));
                boolean empty = value.isObject() && value.isEmpty();
                // These are pointers: there, they say what kind of volume it is, or which fields are owned.
                if (value.isNull() || (empty && !name.equals("emptyDir") && !name.startsWith("f:"))) {
                    object.remove(name);
                }
            }
        } else {
            node.forEach(ProtobufTest::plain);
        }
        return node;
    }

    @ParameterizedTest
    @ValueSource(strings = {"statefulset", "secret", "lease", "delete", "review"})
    void readsWhatTheSameClientWouldHaveSentAsJson(String name) throws IOException {
        ObjectNode read = Protobuf.read(bytes(name + ".pb"));
        assertThat(Json.text(read, "apiVersion")).isNotEmpty();
        assertThat(Json.text(read, "kind")).isNotEmpty();
        read.remove(List.of("apiVersion", "kind"));
        assertThat(plain(Json.normalized(read))).isEqualTo(plain(Json.read(bytes(name + ".json"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"statefulset", "secret"})
    void refusesWhatIsCutShortOrDamaged(String name) throws IOException {
        byte[] whole = bytes(name + ".pb");
        ObjectNode all = Protobuf.read(whole);
        for (int length = 0; length < whole.length; length++) {
            try {
                // Cut between two fields of the envelope, it is without its content or complete.
                assertThat(Protobuf.read(Arrays.copyOf(whole, length)).size()).isIn(2, all.size());
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] = (byte) 0xFF;
            try {
                Protobuf.read(damaged);
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void namesAKindThatItDoesNotKnow() {
        byte[] body = "k8s\0\n\010\n\002v9\022\002Xy".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Protobuf.read(body))
                .isInstanceOf(Protobuf.UnknownKindException.class)
                .hasMessageContaining("v9 Xy");
        assertThatThrownBy(() -> Protobuf.read("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }
}
