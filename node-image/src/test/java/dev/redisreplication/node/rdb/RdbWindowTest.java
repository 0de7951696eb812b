package dev.redisreplication.node.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Type;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dump that comes bit by bit is the one that lies in memory. */
class RdbWindowTest {
    private static final int[] LENGTHS = {0, 1, 100, 70_000, 262_143, 262_144, 262_145, 1, 3_000_000, 5, 600_000, 8};

    private final NativeBuffer dump = new NativeBuffer(1 << 16);
    private final Random random = new Random(3);

    @BeforeEach
    void write() {
        RdbWriter writer = new RdbWriter(dump);
        writer.header(Map.of("repl-id", "a".repeat(40)));
        writer.selectDb(0);
        for (int length : LENGTHS) {
            key(writer, Type.STRING, length);
            string(writer, length);
        }
        key(writer, Type.HASH, 70_000);
        writer.length(LENGTHS.length);
        for (int length : LENGTHS) { // a field stays valid while its value is read
            string(writer, length + 10);
            string(writer, 3_000_000 - length);
        }
        key(writer, Type.SET, 1);
        writer.length(100_000);
        for (int i = 0; i < 100_000; i++) {
            string(writer, 12);
        }
        writer.end();
        long crc = Crc64.update(0, dump.address(), dump.readable());
        dump.ensure(8);
        Memory.putLong(dump.address() + dump.readable(), crc);
        dump.wrote(8);
    }

    @AfterEach
    void free() {
        dump.close();
    }

    private void key(RdbWriter writer, Type type, int length) {
        Slice name = text(length);
        writer.key(type, name.address(), name.length(), -1);
    }

    private void string(RdbWriter writer, int length) {
        Slice text = text(length);
        writer.string(text.address(), text.length());
    }

    private Slice text(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new Slice().copyOf(bytes);
    }

    /** Takes the dump apart into pieces of up to {@code most} bytes, and ends after {@code length}. */
    private RdbSource pieces(int most, int length) {
        int[] at = new int[1];
        return (address, room) -> {
            int part = Math.min(Math.min(room, most), length - at[0]);
            if (part == 0) {
                return -1;
            }
            Memory.copy(dump.address() + at[0], address, part);
            at[0] += part;
            return part;
        };
    }

    private static Digest read(RdbSource source) throws RdbException {
        Digest digest = new Digest();
        try (RdbWindow window = new RdbWindow(source)) {
            digest.length = new RdbReader(window, digest).read();
        }
        return digest;
    }

    @ParameterizedTest
    @ValueSource(ints = {61, 4096, 65_537, 262_144, Integer.MAX_VALUE})
    void comesInPieces(int most) throws RdbException {
        Digest expected = new Digest();
        expected.length = new RdbReader(dump.address(), dump.readable(), expected).read();
        assertThat(read(pieces(most, dump.readable()))).isEqualTo(expected);
        assertThat(expected.elements).isEqualTo(LENGTHS.length * 3L + 100_000);
    }

    @Test
    void isCutShort() {
        for (int length : new int[] {0, 5, 300_000, dump.readable() - 9, dump.readable() - 1}) {
            assertThatThrownBy(() -> read(pieces(4096, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(RdbException.class)
                    .hasMessageContaining("cut short");
        }
    }

    @Test
    void isDamaged() {
        long at = dump.address() + dump.readable() - 10; // the last byte of the last element
        Memory.putByte(at, Memory.getByte(at) ^ 1);
        assertThatThrownBy(() -> read(pieces(4096, dump.readable())))
                .isInstanceOf(RdbException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void theSourceFails() {
        assertThatThrownBy(() -> read((address, room) -> {
                    throw new IOException("no such luck");
                }))
                .isInstanceOf(RdbException.class)
                .hasMessageContaining("no such luck")
                .hasCauseInstanceOf(IOException.class);
    }

    /** What a dump holds, as one number. */
    private static final class Digest implements RdbVisitor {
        private long sum;
        private long elements;
        private long length;

        private void add(Slice slice) {
            sum = Crc64.update(sum, slice.address(), slice.length());
            sum = sum * 31 + slice.length();
            elements++;
        }

        @Override
        public void selectDb(int db) {
            sum += db;
        }

        @Override
        public void begin(Type type, Slice key, long expireAt) {
            add(key);
            elements--;
        }

        @Override
        public void element(Slice value) {
            add(value);
        }

        @Override
        public void field(Slice field, Slice value) {
            add(field);
            add(value);
        }

        @Override
        public void field(Slice field, Slice value, long expiresAt) {
            throw new AssertionError("none was written");
        }

        @Override
        public void member(Slice member, double score) {
            throw new AssertionError("none was written");
        }

        @Override
        public void entry(long milliseconds, long sequence, Slice[] fieldsAndValues, int count) {
            throw new AssertionError("none was written");
        }

        @Override
        public void streamFacts(StreamFacts facts) {
            throw new AssertionError("none was written");
        }

        @Override
        public void group(Slice name, long lastMs, long lastSequence, long entriesRead) {
            throw new AssertionError("none was written");
        }

        @Override
        public void pending(long ms, long sequence, long deliveredAt, long deliveries) {
            throw new AssertionError("none was written");
        }

        @Override
        public void consumer(Slice name, long seen, long active) {
            throw new AssertionError("none was written");
        }

        @Override
        public void pendingWith(long ms, long sequence) {
            throw new AssertionError("none was written");
        }

        @Override
        public void end() {
            sum++;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Digest d && d.sum == sum && d.elements == elements && d.length == length;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(sum);
        }
    }
}
