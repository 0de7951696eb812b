package dev.redisreplication.node.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Native;
import dev.redisreplication.node.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetsAndHashesTest {
    private final Store store = new Store(1);
    private final Keyspace db = store.db(0);
    private final Native text = new Native();
    private final Slice key = new Slice().copyOf("key".getBytes(StandardCharsets.US_ASCII));
    private final Slice out = new Slice();
    private final Slice other = new Slice();

    @AfterEach
    void close() {
        store.close();
    }

    private static String member(Random random, int range) {
        int number = random.nextInt(range);
        return number % 3 == 0 ? Integer.toString(number) : "m".repeat(number % 90) + number;
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300, 5000})
    void behavesAsASet(int range) {
        Random random = new Random(range);
        Set<String> model = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            Slice m = text.of(member(random, range));
            long entry = Sets.findForWrite(db, key.address(), key.length());
            assertThat(entry == 0).isEqualTo(model.isEmpty());
            int choice = random.nextInt(10);
            if (entry == 0 || choice < 5) {
                entry = Sets.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
                assertThat(Sets.add(db, entry, m.address(), m.length())).isEqualTo(model.add(m.toString()));
            } else if (choice < 8) {
                assertThat(Sets.contains(db, entry, m.address(), m.length())).isEqualTo(model.contains(m.toString()));
                assertThat(Sets.remove(db, entry, m.address(), m.length())).isEqualTo(model.remove(m.toString()));
            } else if (choice == 8) {
                Sets.random(db, entry, out);
                assertThat(model).contains(out.toString());
            } else {
                long left = Sets.popRandom(db, entry, out);
                assertThat(model.remove(out.toString())).isTrue();
                assertThat(left).isEqualTo(model.size());
            }
            if (i % 1000 == 0 && !model.isEmpty()) {
                Set<String> seen = new HashSet<>();
                Sets.forEach(db, Sets.find(db, key.address(), key.length()), (a, n) -> seen.add(Native.text(a, n)));
                assertThat(seen).isEqualTo(model);
            }
        }
        allGivenBack();
    }

    private void allGivenBack() {
        db.remove(key.address(), key.length());
        long left = db.usedMemory();
        Slice v = text.of("x");
        Sets.add(db, Sets.create(db, key.address(), key.length(), Entry.NO_EXPIRY), v.address(), v.length());
        db.remove(key.address(), key.length());
        assertThat(db.usedMemory()).as("all is given back").isEqualTo(left);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300, 5000})
    void behavesAsAHash(int range) {
        Random random = new Random(range);
        Map<String, String> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Slice f = text.of(member(random, range));
            long entry = Hashes.findForWrite(db, key.address(), key.length());
            assertThat(entry == 0).isEqualTo(model.isEmpty());
            int choice = random.nextInt(10);
            if (entry == 0 || choice < 5) {
                String value = random.nextInt(30) == 0 ? "v".repeat(random.nextInt(9000)) : member(random, 1000);
                Slice v = text.of(value);
                entry = Hashes.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
                assertThat(Hashes.set(db, entry, f.address(), f.length(), v.address(), v.length()))
                        .isEqualTo(model.put(f.toString(), value) == null);
            } else if (choice < 8) {
                String expected = model.remove(f.toString());
                assertThat(Hashes.get(db, entry, f.address(), f.length(), out)).isEqualTo(expected != null);
                if (expected != null) {
                    assertThat(out.toString()).isEqualTo(expected);
                }
                assertThat(Hashes.remove(db, entry, f.address(), f.length())).isEqualTo(expected != null);
            } else if (choice == 8) {
                Hashes.random(db, entry, out, other);
                assertThat(model).containsEntry(out.toString(), other.toString());
            } else {
                Slice counter = text.of("counter");
                long before = Long.parseLong(model.getOrDefault("counter", "0"));
                assertThat(Hashes.increment(db, entry, counter.address(), counter.length(), i))
                        .isEqualTo(before + i);
                model.put("counter", Long.toString(before + i));
            }
            if (i % 1000 == 0 && !model.isEmpty()) {
                Map<String, String> seen = new HashMap<>();
                Hashes.forEach(
                        db,
                        Hashes.find(db, key.address(), key.length()),
                        (a, n, b, m) -> seen.put(Native.text(a, n), Native.text(b, m)));
                assertThat(seen).isEqualTo(model);
            }
        }
        allGivenBack();
    }
}
