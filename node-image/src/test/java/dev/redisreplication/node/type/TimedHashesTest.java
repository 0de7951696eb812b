package dev.redisreplication.node.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.ExpiryMode;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Native;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.store.StoreListener;
import dev.redisreplication.node.store.TimedHash;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes whose fields expire, against a map, while a clock of the test's own goes on. */
class TimedHashesTest {
    private static final long BUDGET = 60_000_000_000L; // nanoseconds: more than it takes

    private record Field(String value, long expiresAt) {}

    private final Store store = new Store(1);
    private final Keyspace db = store.db(0);
    private final Native text = new Native();
    private final Slice key = new Slice().copyOf("key".getBytes(StandardCharsets.US_ASCII));
    private final Slice out = new Slice();
    private final Map<String, Field> model = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private long now = 1_000_000;

    @AfterEach
    void close() {
        store.close();
    }

    private void listen() {
        store.clock(now);
        store.listener(new StoreListener() {
            @Override
            public void fieldExpired(int index, long address, int length, long field, int fieldLength) {
                assertThat(told.add(Native.text(field, fieldLength))).isTrue();
            }
        });
    }

    private void advance(long millis) {
        now += millis;
        store.clock(now);
    }

    private boolean isOver(Field field) {
        return field.expiresAt != Entry.NO_EXPIRY && now > field.expiresAt;
    }

    private Map<String, Field> all(long entry) {
        Map<String, Field> all = new HashMap<>();
        Hashes.forEachTimed(
                db,
                entry,
                (field, length, value, valueLength, at) ->
                        all.put(Native.text(field, length), new Field(Native.text(value, valueLength), at)));
        return all;
    }

    private void set(String name, String value, long at) {
        Slice f = text.of(name);
        Slice v = text.of(value);
        long entry = Hashes.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
        Field before = model.get(name);
        assertThat(Hashes.set(db, entry, f.address(), f.length(), v.address(), v.length(), at))
                .isEqualTo(before == null);
        long after = at != Keyspace.KEEP_EXPIRY ? at : before == null ? Entry.NO_EXPIRY : before.expiresAt;
        model.put(name, new Field(value, after));
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 100, 3000})
    void behavesAsAMapWithTimes(int range) {
        listen();
        Random random = new Random(range);
        long empty = store.usedMemory();
        for (int i = 0; i < 12_000; i++) {
            String name = random.nextBoolean() ? "f" + random.nextInt(range) : "" + random.nextInt(range);
            Slice f = text.of(name);
            long entry = Hashes.findForWrite(db, key.address(), key.length());
            assertThat(entry == 0).isEqualTo(model.isEmpty());
            int choice = entry == 0 ? 0 : random.nextInt(12);
            long at = random.nextInt(3) == 0 ? Entry.NO_EXPIRY : now + random.nextInt(2000);
            switch (choice) {
                case 0, 1, 2, 3 -> {
                    String value = random.nextBoolean() ? "" + random.nextInt() : "v".repeat(random.nextInt(70));
                    set(name, value, random.nextInt(4) == 0 ? Keyspace.KEEP_EXPIRY : at);
                }
                case 4, 5 -> {
                    if (model.containsKey(name)) {
                        Hashes.expire(db, entry, f.address(), f.length(), at);
                        model.computeIfPresent(name, (n, field) -> new Field(field.value, at));
                    }
                }
                case 6 ->
                    assertThat(Hashes.remove(db, entry, f.address(), f.length()))
                            .isEqualTo(model.remove(name) != null);
                case 7 -> {
                    Field field = model.get(name);
                    boolean there = field != null && !isOver(field);
                    assertThat(Hashes.get(db, entry, f.address(), f.length(), out))
                            .isEqualTo(there);
                    assertThat(there ? out.toString() : "").isEqualTo(there ? field.value : "");
                    assertThat(Hashes.expiry(entry, f.address(), f.length()))
                            .isEqualTo(field == null ? Hashes.ABSENT : field.expiresAt);
                }
                case 8 -> {
                    Field field = model.get(name);
                    boolean over = field != null && isOver(field);
                    told.clear();
                    Hashes.endIfOver(db, entry, f.address(), f.length());
                    assertThat(told).isEqualTo(over ? Set.of(name) : Set.of());
                    model.keySet().removeAll(told);
                }
                case 9 -> advance(random.nextInt(60));
                case 10 -> {
                    assertThat(Hashes.size(entry)).isEqualTo(model.size());
                    assertThat(Hashes.visibleSize(db, entry))
                            .isEqualTo(model.values().stream()
                                    .filter(field -> !isOver(field))
                                    .count());
                    assertThat(all(entry)).isEqualTo(model);
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        sweep();
                    }
                }
            }
            if (i % 16 != 0) {
                continue;
            }
            boolean timed = model.values().stream().anyMatch(field -> field.expiresAt != Entry.NO_EXPIRY);
            assertThat(db.timedHashes()).isEqualTo(timed ? 1 : 0);
        }
        db.remove(key.address(), key.length());
        assertThat(db.timedHashes()).isZero();
        Slice other = text.of("other");
        Hashes.set(
                db,
                Hashes.create(db, other.address(), other.length(), Entry.NO_EXPIRY),
                other.address(),
                other.length(),
                other.address(),
                other.length());
        db.remove(other.address(), other.length());
        assertThat(store.usedMemory() - empty)
                .as("nothing but the keyspace's own table is left")
                .isLessThan(4096);
    }

    /** The search for what is over deletes exactly that, and the hash with its last field. */
    private void sweep() {
        told.clear();
        store.expireCycle(BUDGET);
        Set<String> over = new HashSet<>();
        model.forEach((name, field) -> {
            if (isOver(field)) {
                over.add(name);
            }
        });
        assertThat(told).isEqualTo(over);
        model.keySet().removeAll(over);
    }

    @Test
    void aReplicaHidesAndDeletesNothing() {
        listen();
        for (int i = 0; i < 1000; i++) {
            set("f" + i, "v", i % 2 == 0 ? now + 10 : Entry.NO_EXPIRY);
        }
        store.expiryMode(ExpiryMode.HIDE);
        advance(11);
        store.expireCycle(BUDGET);
        long entry = Hashes.find(db, key.address(), key.length());
        assertThat(Hashes.size(entry)).isEqualTo(1000);
        assertThat(Hashes.visibleSize(db, entry)).isEqualTo(500);
        Slice f = text.of("f0");
        assertThat(Hashes.endIfOver(db, entry, f.address(), f.length())).isEqualTo(entry);
        assertThat(Hashes.get(db, entry, f.address(), f.length(), out)).isFalse();
        for (int i = 0; i < 200; i++) {
            Hashes.random(db, entry, out, f);
            assertThat(Integer.parseInt(out.toString().substring(1)) % 2).isOne();
        }
        store.expiryMode(ExpiryMode.IGNORE);
        assertThat(Hashes.visibleSize(db, entry)).isEqualTo(1000);
        store.expiryMode(ExpiryMode.DELETE);
        store.expireCycle(BUDGET);
        assertThat(Hashes.size(entry)).isEqualTo(500);
        assertThat(told).hasSize(500);
        assertThat(db.timedHashes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 500})
    void timesGoWithCopiesAndNames(int fields) {
        store.clock(now);
        for (int i = 0; i < fields; i++) {
            set("f" + i, "v" + i, i % 2 == 0 ? now + 100 + i : Entry.NO_EXPIRY);
        }
        Slice copy = text.of("copy");
        Slice name = text.of("name");
        long entry = Hashes.find(db, key.address(), key.length());
        Types.copy(db, entry, db, copy.address(), copy.length(), Entry.NO_EXPIRY);
        db.rename(copy.address(), copy.length(), name.address(), name.length());
        long renamed = Hashes.find(db, name.address(), name.length());
        assertThat(all(renamed)).isEqualTo(model);
        assertThat(db.timedHashes()).isEqualTo(2);
        assertThat(TimedHash.earliest(renamed)).isEqualTo(now + 100);
        advance(1000);
        store.expireCycle(BUDGET);
        assertThat(Hashes.size(Hashes.find(db, name.address(), name.length()))).isEqualTo(fields / 2);
        Slice v = text.of("v");
        Strings.set(db, name.address(), name.length(), v.address(), v.length(), Entry.NO_EXPIRY);
        assertThat(db.timedHashes()).isZero();
        store.flush();
        assertThat(store.timedHashes()).isZero();
    }

    /** A snapshot has the fields as they were, though they are deleted in the middle of it. */
    @Test
    void aSnapshotHasWhatExpiresMeanwhile() {
        listen();
        for (int i = 0; i < 100; i++) {
            set("f" + i, "v", now + 10);
        }
        Map<String, Field> seen = new HashMap<>();
        var snapshot = store.snapshot((keyspace, index, entry) -> seen.putAll(all(entry)));
        advance(11);
        store.expireCycle(BUDGET);
        assertThat(db.contains(key.address(), key.length())).isFalse();
        assertThat(snapshot.step(BUDGET)).isTrue();
        assertThat(seen).isEqualTo(model);
    }
}
