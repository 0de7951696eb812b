package dev.redisreplication.node.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RdbRoundTripTest {
    private final NativeBuffer buffer = new NativeBuffer(64);
    private final RdbWriter writer = new RdbWriter(buffer);

    private static Slice slice(String text) {
        return new Slice().copyOf(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void string(String text) {
        Slice slice = slice(text);
        writer.string(slice.address(), slice.length());
    }

    private void key(Type type, String name, long expireAt) {
        Slice slice = slice(name);
        writer.key(type, slice.address(), slice.length(), expireAt);
    }

    /** End mark and checksum, as the job that carries the bytes away adds it. */
    private void finish() {
        writer.end();
        long crc = Crc64.update(0, buffer.address(), buffer.readable());
        buffer.ensure(8);
        Memory.putLong(buffer.address() + buffer.readable(), crc);
        buffer.wrote(8);
    }

    private Collector read() throws RdbException {
        return read(buffer.readable());
    }

    private Collector read(int length) throws RdbException {
        // A copy of exactly that length: reading past its end would not find the right bytes by luck.
        Slice copy = new Slice().copyOf(buffer.address(), length);
        Collector collector = new Collector();
        assertThat(new RdbReader(copy.address(), length, collector).read()).isEqualTo(length);
        return collector;
    }

    private void sample() {
        writer.header(Map.of("repl-id", "a".repeat(40)));
        writer.selectDb(0);
        writer.sizes(3, 1);
        key(Type.STRING, "text", -1);
        string("hello");
        key(Type.STRING, "number", 1_700_000_000_123L);
        string("-123456");
        key(Type.LIST, "list", -1);
        writer.length(2);
        string("a");
        string("12");
        writer.selectDb(3);
        key(Type.SET, "set", -1);
        writer.length(1);
        string("member");
        key(Type.HASH, "hash", -1);
        writer.length(1);
        string("field");
        string("value");
        key(Type.ZSET, "zset", -1);
        writer.length(2);
        string("low");
        writer.score(Double.NEGATIVE_INFINITY);
        string("pi");
        writer.score(3.25);
        stream();
        finish();
    }

    private void stream() {
        key(Type.STREAM, "stream", -1);
        StreamWriter streams = new StreamWriter(writer);
        streams.begin(3);
        streams.entry(5, 1, new Slice[] {slice("f"), slice("1")}, 2);
        streams.entry(5, 2, new Slice[] {slice("f"), slice("x".repeat(5000))}, 2);
        streams.entry(9, 0, new Slice[] {slice("g"), slice("2"), slice("h"), slice("-7")}, 4);
        streams.end(new StreamFacts(9, 3, 5, 1, 4, 0, 7, 3));
        writer.length(1);
        string("group");
        writer.length(5);
        writer.length(2);
        writer.length(-1);
        writer.length(1);
        writer.id(5, 2);
        writer.time(1_700_000_000_123L);
        writer.length(3);
        writer.length(1);
        string("consumer");
        writer.time(1_700_000_000_124L);
        writer.length(1);
        writer.id(5, 2);
    }

    @Test
    void everyTypeComesBack() throws RdbException {
        sample();
        Collector got = read();
        assertThat(got.facts).containsEntry("repl-id", "a".repeat(40));
        assertThat(got.keys)
                .containsEntry("0/text", List.of("STRING", "hello"))
                .containsEntry("0/number", List.of("STRING@1700000000123", "-123456"))
                .containsEntry("0/list", List.of("LIST", "a", "12"))
                .containsEntry("3/set", List.of("SET", "member"))
                .containsEntry("3/hash", List.of("HASH", "field=value"))
                .containsEntry("3/zset", List.of("ZSET", "low:-Infinity", "pi:3.25"))
                .containsEntry(
                        "3/stream",
                        List.of(
                                "STREAM",
                                "5-1 f 1",
                                "5-2 f " + "x".repeat(5000),
                                "9-0 g 2 h -7",
                                new StreamFacts(9, 3, 5, 1, 4, 0, 7, 3).toString(),
                                "group group 5-2 -1",
                                "pending 5-2 1700000000123 3",
                                "consumer consumer 1700000000124",
                                "with it 5-2"));
    }

    @Test
    void cutShortAnywhereIsAnErrorWithItsPlace() {
        sample();
        for (int length = 0; length < buffer.readable(); length++) {
            int cut = length;
            assertThatThrownBy(() -> read(cut))
                    .as("cut to %d of %d bytes", cut, buffer.readable())
                    .isInstanceOf(RdbException.class)
                    .hasMessageContaining("offset");
        }
    }

    @Test
    void aFlippedBitAnywhereIsNoticed() {
        sample();
        for (int i = 0; i < buffer.readable(); i++) {
            long at = buffer.address() + i;
            byte before = Memory.getByte(at);
            Memory.putByte(at, before ^ 0x10);
            assertThatThrownBy(this::read).as("byte %d", i).isInstanceOf(RdbException.class);
            Memory.putByte(at, before);
        }
    }

    @Test
    void randomStringsAndLengthsComeBack() throws RdbException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] values = new String[500];
        writer.header(Map.of());
        writer.selectDb(0);
        for (int i = 0; i < values.length; i++) {
            int length = 1 << random.nextInt(17);
            byte[] bytes = new byte[random.nextInt(length)];
            random.nextBytes(bytes);
            values[i] = switch (random.nextInt(3)) {
                case 0 -> Long.toString(random.nextLong() >> random.nextInt(64));
                case 1 -> "0".repeat(random.nextInt(12));
                default -> new String(bytes, StandardCharsets.ISO_8859_1);
            };
            key(Type.STRING, "k" + i, -1);
            string(values[i]);
        }
        finish();
        Collector got = read();
        for (int i = 0; i < values.length; i++) {
            assertThat(got.keys.get("0/k" + i)).as("seed %d, value %d", seed, i).containsExactly("STRING", values[i]);
        }
    }

    @Test
    void listpackKeepsIntegersOfEveryWidth() throws RdbException {
        ListpackBuilder builder = new ListpackBuilder();
        builder.begin();
        long[] numbers = {
            0,
            127,
            128,
            4095,
            4096,
            -1,
            -4096,
            -4097,
            32767,
            -32768,
            32768,
            8388607,
            -8388608,
            8388608,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            1L << 31,
            Long.MAX_VALUE,
            Long.MIN_VALUE
        };
        for (long number : numbers) {
            builder.add(number);
        }
        NativeBuffer packed = builder.end();
        ListpackCursor cursor = new ListpackCursor();
        cursor.open(packed.address(), packed.readable(), 0);
        for (long number : numbers) {
            assertThat(cursor.requireInteger()).isEqualTo(number);
        }
        assertThat(cursor.next()).isFalse();
    }
}
