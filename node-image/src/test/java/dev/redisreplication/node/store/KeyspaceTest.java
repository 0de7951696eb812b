package dev.redisreplication.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.type.Strings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyspaceTest {
    private final Store store = new Store(2);
    private final Keyspace db = store.db(0);
    private final Native text = new Native();
    private final Slice out = new Slice();

    @AfterEach
    void close() {
        store.close();
    }

    private void set(Keyspace to, String key, String value, long expiresAt) {
        Slice k = text.of(key);
        Slice v = text.of(value);
        Strings.set(to, k.address(), k.length(), v.address(), v.length(), expiresAt);
    }

    private String get(String key) {
        Slice k = text.of(key);
        long entry = db.find(k.address(), k.length());
        if (entry == 0) {
            return null;
        }
        Strings.get(entry, out);
        return out.toString();
    }

    private boolean remove(String key) {
        Slice k = text.of(key);
        return db.remove(k.address(), k.length());
    }

    private boolean clear(String key, boolean refilled) {
        Slice k = text.of(key);
        return db.clear(k.address(), k.length(), refilled);
    }

    private static String value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> "x".repeat(random.nextInt(40));
            case 2 -> random.nextInt(50) == 0 ? "y".repeat(random.nextInt(300_000)) : "0";
            default -> Integer.toHexString(random.nextInt());
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 316, 5_000, 100_000, Long.MAX_VALUE})
    void theNumberOfKeysThatIsExpectedMayBeWrong(long expected) {
        db.expect(expected);
        assertThat(db.size()).isZero();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            set(db, "key:" + i, "value:" + i, -1);
            keys.add("key:" + i);
        }
        assertThat(keys).allSatisfy(key -> assertThat(get(key)).isEqualTo(key.replace("key", "value")));
        assertThat(db.size()).isEqualTo(5_000);
        assertThat(keys).allSatisfy(key -> assertThat(remove(key)).isTrue());
        assertThat(db.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesAsAMap(long seed) {
        Random random = new Random(seed);
        Map<String, String> model = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            // Grows, then shrinks, so that segments split and join.
            int number = random.nextInt(i < 20_000 ? 10_000 : 20_000);
            String key = "k".repeat(number % 400 == 0 ? 20_000 : number % 200) + number;
            if (random.nextInt(10) < (i < 20_000 ? 7 : 1)) {
                String value = value(random);
                set(db, key, value, Entry.NO_EXPIRY);
                model.put(key, value);
            } else if (i < 20_000 && random.nextBoolean()) {
                assertThat(get(key)).as("seed %d step %d", seed, i).isEqualTo(model.get(key));
            } else {
                assertThat(remove(key)).as("seed %d step %d", seed, i).isEqualTo(model.remove(key) != null);
            }
            assertThat(db.size()).isEqualTo(model.size());
        }
        model.forEach((key, value) -> assertThat(get(key)).isEqualTo(value));
        long empty = sizeOfEmpty();
        for (String key : List.copyOf(model.keySet())) {
            assertThat(remove(key)).isTrue();
        }
        assertThat(db.usedMemory()).as("all is given back, seed %d", seed).isEqualTo(empty);
    }

    private long sizeOfEmpty() {
        try (Store other = new Store(1)) {
            set(other.db(0), "a", "b", Entry.NO_EXPIRY);
            Slice key = text.of("a");
            other.db(0).remove(key.address(), key.length());
            return other.db(0).usedMemory();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void scanVisitsAllThatStay(long seed) {
        Random random = new Random(seed);
        boolean growing = seed % 2 == 0;
        Set<String> stay = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            stay.add("stay:" + i);
            set(db, "stay:" + i, "v", Entry.NO_EXPIRY);
        }
        int others = growing ? 0 : 20_000;
        for (int i = 0; i < others; i++) {
            set(db, "other:" + i, "v", Entry.NO_EXPIRY);
        }
        Set<String> seen = new HashSet<>();
        long cursor = 0;
        int steps = 0;
        do {
            cursor = db.scan(cursor, 10, entry -> seen.add(Native.key(entry)));
            for (int i = 0; i < 60; i++) {
                if (growing) {
                    set(db, "other:" + others++, "v", Entry.NO_EXPIRY);
                } else if (others > 0) {
                    remove("other:" + --others);
                }
            }
            assertThat(++steps).isLessThan(100_000);
            random.nextInt();
        } while (cursor != 0);
        assertThat(seen).containsAll(stay);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void snapshotIsWhatWasThere(long seed) {
        Random random = new Random(seed);
        int range = seed % 2 == 0 ? 400 : 20_000;
        for (int i = 0; i < range; i++) {
            change(random, range);
        }
        // Several in a row, some cut short, so that epochs come round.
        for (int round = 0; round < (range == 400 ? 80 : 6); round++) {
            Map<String, String> expected = contents();
            Map<String, String> emitted = new HashMap<>();
            Snapshot snapshot = store.snapshot((keyspace, index, entry) -> {
                Strings.get(entry, out);
                String name = index + "/" + Native.key(entry);
                assertThat(emitted.put(name, out + "@" + Entry.expiry(entry)))
                        .as("emitted twice: %s", name)
                        .isNull();
            });
            assertThat(snapshot.size(0) + snapshot.size(1)).isEqualTo(expected.size());
            boolean cut = random.nextInt(3) == 0;
            int steps = 0;
            while (!snapshot.step(0)) {
                for (int i = 0; i < 20; i++) {
                    change(random, 2 * range);
                }
                if (random.nextInt(4000) == 0) {
                    store.flush();
                }
                if (random.nextInt(2000) == 0) {
                    store.swap(0, 1);
                }
                if (cut && ++steps > 3) {
                    snapshot.cancel();
                    break;
                }
            }
            if (!cut) {
                assertThat(emitted).as("seed %d round %d", seed, round).isEqualTo(expected);
            }
        }
    }

    @Test
    void manySnapshotsCutShortDoNotHideEntries() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            change(random, 1000);
        }
        // More than there are epochs.
        for (int round = 0; round < 200; round++) {
            Snapshot cut = store.snapshot((keyspace, index, entry) -> {});
            change(random, 1000);
            if (round % 70 == 69) {
                cut.cancel();
                long[] emitted = new long[1];
                Snapshot whole = store.snapshot((keyspace, index, entry) -> emitted[0]++);
                assertThat(whole.step(Long.MAX_VALUE / 2)).isTrue();
                assertThat(emitted[0])
                        .isEqualTo(store.db(0).size() + store.db(1).size());
            } else {
                cut.cancel();
            }
        }
    }

    private void change(Random random, int range) {
        Keyspace to = store.db(random.nextInt(5) == 0 ? 1 : 0);
        String key = "k" + random.nextInt(range);
        Slice k = text.of(key);
        switch (random.nextInt(6)) {
            case 0, 1 -> to.remove(k.address(), k.length());
            case 2 ->
                to.expire(k.address(), k.length(), random.nextBoolean() ? Entry.NO_EXPIRY : store.now() + 1_000_000);
            case 3 -> {
                if (to.find(k.address(), k.length()) != 0) {
                    Slice v = text.of("+");
                    Strings.append(to, k.address(), k.length(), v.address(), v.length());
                }
            }
            default -> set(to, key, "v" + random.nextInt(), Entry.NO_EXPIRY);
        }
    }

    private Map<String, String> contents() {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < 2; i++) {
            int index = i;
            store.db(i).scan(0, Integer.MAX_VALUE, entry -> {
                Strings.get(entry, out);
                all.put(index + "/" + Native.key(entry), out + "@" + Entry.expiry(entry));
            });
        }
        return all;
    }

    @Test
    void aRandomKeyIsFoundAmongManyThatAreOverAndHaveToStay() {
        store.clock(1000);
        for (int i = 0; i < 5000; i++) {
            set(db, "k" + i, "v", 2000);
        }
        set(db, "stays", "v", Entry.NO_EXPIRY);
        store.clock(2001);
        store.expiryMode(ExpiryMode.HIDE);
        long entry = RandomKey.pick(db);
        assertThat(Native.text(Entry.keyAddress(entry), Entry.keyLength(entry))).isEqualTo("stays");
        assertThat(db.size()).isEqualTo(5001);
        store.expiryMode(ExpiryMode.DELETE);
        assertThat(RandomKey.pick(db)).isNotZero();
        assertThat(db.remove(Entry.keyAddress(entry), Entry.keyLength(entry))).isTrue();
        assertThat(RandomKey.pick(db)).isZero();
        assertThat(db.size()).isZero();
    }

    @Test
    void aWritableReplicaEndsItsOwnKeysOnly() {
        store.clock(1000);
        set(db, "master's", "v", 2000);
        set(db, "taken over", "v", Entry.NO_EXPIRY);
        store.expiryMode(ExpiryMode.DELETE_ON_WRITE);
        set(db, "own", "v", 2000);
        set(db, "given back", "v", 2000);
        store.expiryMode(ExpiryMode.IGNORE);
        set(db, "given back", "v", 2000);
        store.expiryMode(ExpiryMode.DELETE_ON_WRITE);
        store.clock(2001);
        assertThat(get("master's")).isNull();
        assertThat(store.expireCycle(1_000_000_000)).isEqualTo(1);
        assertThat(db.size()).isEqualTo(3);
        store.expiryMode(ExpiryMode.DELETE); // promoted
        assertThat(store.expireCycle(1_000_000_000)).isEqualTo(2);
        assertThat(db.size()).isEqualTo(1);
    }

    @Test
    void expiresOnAccessAndByItself() {
        List<String> expired = new ArrayList<>();
        store.listener(new StoreListener() {
            @Override
            public void expired(int index, long key, int length) {
                expired.add(Native.text(key, length));
            }
        });
        store.clock(1000);
        for (int i = 0; i < 5000; i++) {
            set(db, "k" + i, "v", i % 2 == 0 ? 2000 + i : Entry.NO_EXPIRY);
        }
        assertThat(db.volatileSize()).isEqualTo(2500);
        assertThat(store.expireCycle(1_000_000_000)).isZero();
        store.clock(2001);
        store.expiryMode(ExpiryMode.HIDE);
        assertThat(get("k0")).isNull();
        store.expiryMode(ExpiryMode.IGNORE);
        assertThat(get("k0")).isEqualTo("v");
        assertThat(db.size()).isEqualTo(5000);
        store.expiryMode(ExpiryMode.DELETE);
        assertThat(get("k0")).isNull();
        assertThat(expired).containsExactly("k0");
        assertThat(db.size()).isEqualTo(4999);
        store.clock(4000);
        assertThat(store.expireCycle(10_000_000_000L)).isEqualTo(999);
        store.clock(10_000);
        assertThat(store.expireCycle(10_000_000_000L)).isEqualTo(1500);
        assertThat(db.size()).isEqualTo(2500);
        assertThat(db.volatileSize()).isZero();
        assertThat(expired).hasSize(2500).doesNotHaveDuplicates();
        assertThat(store.expiredKeys()).isEqualTo(2500);
    }

    @Test
    void renameKeepsValueAndExpiry() {
        store.clock(1000);
        set(db, "a", "1", 5000);
        set(db, "b", "2", Entry.NO_EXPIRY);
        Slice a = text.of("a");
        Slice b = text.of("b");
        assertThat(db.rename(a.address(), a.length(), b.address(), b.length())).isTrue();
        assertThat(get("a")).isNull();
        assertThat(get("b")).isEqualTo("1");
        assertThat(Entry.expiry(db.find(b.address(), b.length()))).isEqualTo(5000);
        assertThat(db.size()).isEqualTo(1);
        assertThat(db.volatileSize()).isEqualTo(1);
        assertThat(db.rename(a.address(), a.length(), b.address(), b.length())).isFalse();
    }

    @Test
    void randomReachesAllAboutEqually() {
        int keys = 3000;
        for (int i = 0; i < keys; i++) {
            set(db, "k" + i, "v", Entry.NO_EXPIRY);
        }
        Map<String, Integer> hits = new HashMap<>();
        for (int i = 0; i < keys * 100; i++) {
            hits.merge(Native.key(RandomKey.pick(db)), 1, Integer::sum);
        }
        assertThat(hits).hasSize(keys);
        // A hundred on average; a fair draw strays by ten.
        assertThat(hits.values()).allMatch(n -> n > 40 && n < 180);
    }

    @Test
    void flushGivesAllBack() {
        for (int i = 0; i < 10_000; i++) {
            set(db, "k" + i, "v".repeat(i % 700), Entry.NO_EXPIRY);
        }
        store.flush();
        assertThat(db.size()).isZero();
        assertThat(store.usedMemory()).isZero();
        assertThat(store.reservedMemory()).isZero();
        assertThat(get("k1")).isNull();
        set(db, "k1", "again", Entry.NO_EXPIRY);
        assertThat(get("k1")).isEqualTo("again");
    }

    @Test
    void listenersHearOfKeysThatComeAndOfReadsThatFindNone() {
        List<String> heard = new ArrayList<>();
        store.listener(new StoreListener() {
            @Override
            public void created(int index, long key, int length) {
                heard.add("created " + Native.text(key, length));
            }

            @Override
            public void missed(int index, long key, int length) {
                heard.add("missed " + Native.text(key, length));
            }
        });
        get("new");
        set(db, "new", "v", Entry.NO_EXPIRY);
        set(db, "new", "w", Entry.NO_EXPIRY);
        get("new");
        assertThat(heard).containsExactly("missed new", "created new");
    }

    @Test
    void whatTakesThePlaceOfAClearedKeyIsNotHeardOf() {
        List<String> heard = new ArrayList<>();
        set(db, "old", "v", Entry.NO_EXPIRY);
        store.listener(new StoreListener() {
            @Override
            public void created(int index, long key, int length) {
                heard.add(Native.text(key, length));
            }
        });
        assertThat(clear("old", true)).isTrue();
        set(db, "old", "w", Entry.NO_EXPIRY);
        assertThat(clear("absent", true)).isFalse();
        set(db, "absent", "v", Entry.NO_EXPIRY);
        assertThat(clear("old", false)).isTrue();
        set(db, "old", "x", Entry.NO_EXPIRY);
        assertThat(heard).containsExactly("absent", "old");
    }
}
