package dev.redisreplication.node.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Native;
import dev.redisreplication.node.store.Store;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringsTest {
    private final Store store = new Store(1);
    private final Native text = new Native();
    private final Slice key = new Slice().copyOf("the key".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private final Slice out = new Slice();

    @AfterEach
    void close() {
        store.close();
    }

    private void set(String value) {
        Slice v = text.of(value);
        Strings.set(store.db(0), key.address(), key.length(), v.address(), v.length(), Entry.NO_EXPIRY);
    }

    private String get() {
        long entry = Strings.find(store.db(0), key.address(), key.length());
        if (entry == 0) {
            return null;
        }
        Strings.get(entry, out);
        assertThat(Strings.length(entry)).isEqualTo(out.length());
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-0",
                "00",
                "-1",
                "+1",
                " 1",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999",
                "1.5",
                "-",
                "abc"
            })
    void whatWasPutComesBack(String value) {
        set(value);
        assertThat(get()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void editsAsAByteArray(long seed) {
        Random random = new Random(seed);
        StringBuilder model = new StringBuilder();
        for (int i = 0; i < 4000; i++) {
            String piece = random.nextInt(3) == 0
                    ? Integer.toString(random.nextInt())
                    : "ab".repeat(random.nextInt(i % 100 == 0 ? 3000 : 20));
            Slice p = text.of(piece);
            switch (random.nextInt(5)) {
                case 0 -> {
                    if (random.nextInt(10) == 0) {
                        set(piece);
                        model = new StringBuilder(piece);
                    }
                }
                case 1, 2 -> {
                    model.append(piece);
                    assertThat(Strings.append(store.db(0), key.address(), key.length(), p.address(), p.length()))
                            .isEqualTo(model.length());
                }
                case 3 -> {
                    int offset = random.nextInt(model.length() + 30);
                    if (!piece.isEmpty()) {
                        while (model.length() < offset + piece.length()) {
                            model.append('\0');
                        }
                        model.replace(offset, offset + piece.length(), piece);
                    }
                    Strings.setRange(store.db(0), key.address(), key.length(), offset, p.address(), p.length());
                }
                default -> {
                    int length = random.nextInt(model.length() + 10);
                    while (model.length() < length) {
                        model.append('\0');
                    }
                    Strings.writable(store.db(0), key.address(), key.length(), length, out);
                    if (out.length() > 0) {
                        Memory.putByte(out.address(), 'Z');
                        model.setCharAt(0, 'Z');
                    }
                }
            }
            String now = get();
            assertThat(now == null ? "" : now).as("seed %d step %d", seed, i).isEqualTo(model.toString());
        }
        store.db(0).remove(key.address(), key.length());
        long left = store.db(0).usedMemory();
        set("x");
        store.db(0).remove(key.address(), key.length());
        assertThat(store.db(0).usedMemory()).isEqualTo(left);
    }

    @Test
    void ranges() {
        set("This is a string");
        long entry = Strings.find(store.db(0), key.address(), key.length());
        String[][] cases = {
            {"0", "3", "This"},
            {"-3", "-1", "ing"},
            {"0", "-1", "This is a string"},
            {"10", "100", "string"},
            {"-1", "-5", ""},
            {"5", "3", ""},
            {"-100", "2", "Thi"},
            {"100", "200", ""},
            {"-100", "-90", "T"}
        };
        for (String[] c : cases) {
            Strings.getRange(entry, Long.parseLong(c[0]), Long.parseLong(c[1]), out);
            assertThat(out.toString()).as("%s..%s", c[0], c[1]).isEqualTo(c[2]);
        }
    }

    @Test
    void increments() {
        assertThat(Strings.increment(store.db(0), key.address(), key.length(), 5))
                .isEqualTo(5);
        assertThat(Strings.increment(store.db(0), key.address(), key.length(), -7))
                .isEqualTo(-2);
        assertThat(get()).isEqualTo("-2");
        set(Long.toString(Long.MAX_VALUE));
        assertThatThrownBy(() -> Strings.increment(store.db(0), key.address(), key.length(), 1))
                .isSameAs(TypeError.OVERFLOW);
        set("1x");
        assertThatThrownBy(() -> Strings.increment(store.db(0), key.address(), key.length(), 1))
                .isSameAs(TypeError.NOT_AN_INTEGER);
    }

    @Test
    void otherTypesAreRefused() {
        Slice v = text.of("v");
        Lists.pushLast(
                store.db(0),
                Lists.create(store.db(0), key.address(), key.length(), Entry.NO_EXPIRY),
                v.address(),
                v.length());
        assertThatThrownBy(this::get).isSameAs(TypeError.WRONG_TYPE);
        set("now a string");
        assertThat(get()).isEqualTo("now a string");
    }
}
