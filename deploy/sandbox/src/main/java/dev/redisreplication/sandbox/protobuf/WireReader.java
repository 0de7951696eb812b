package dev.redisreplication.sandbox.protobuf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The wire format of protobuf: tags, varints and values with a length. Throws on bytes that end too early. */
final class WireReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private int at;
    private int wireType;

    WireReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The number of the next field, whose value is to be read or skipped then; 0 at the end. */
    int next() throws IOException {
        if (at == bytes.length) {
            return 0;
        }
        long tag = varint();
        wireType = (int) (tag & 7);
        long field = tag >>> 3;
        if (field < 1 || field > 536_870_911) {
            throw new IOException("protobuf: no field has the number " + field);
        }
        return (int) field;
    }

    /** The value of a number or a truth. */
    long number() throws IOException {
        if (wireType != VARINT) {
            throw new IOException("protobuf: wire type " + wireType + " where a number should be");
        }
        return varint();
    }

    /** The value of a text, bytes, or a message. */
    byte[] block() throws IOException {
        if (wireType != LENGTH) {
            throw new IOException("protobuf: wire type " + wireType + " where a value with a length should be");
        }
        long length = varint();
        if (length < 0 || length > bytes.length - at) {
            throw new IOException(
                    "protobuf: a value of " + length + " bytes where " + (bytes.length - at) + " are left");
        }
        at += (int) length;
        return Arrays.copyOfRange(bytes, at - (int) length, at);
    }

    String text() throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(block()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("protobuf: a text that is not UTF-8", e);
        }
    }

    /** Passes over the value of a field that is not known. */
    void skip() throws IOException {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> pass(8);
            case LENGTH -> block();
            case FIXED32 -> pass(4);
            default -> throw new IOException("protobuf: wire type " + wireType);
        }
    }

    private void pass(int length) throws IOException {
        if (length > bytes.length - at) {
            throw new IOException("protobuf: the message is cut short");
        }
        at += length;
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == bytes.length) {
                throw new IOException("protobuf: the message is cut short");
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("protobuf: a number of more than ten bytes");
    }
}
