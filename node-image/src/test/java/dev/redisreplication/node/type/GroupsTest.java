package dev.redisreplication.node.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.KeyspaceMemory;
import dev.redisreplication.node.store.Native;
import dev.redisreplication.node.store.Snapshot;
import dev.redisreplication.node.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupsTest {
    private static final int IDS = 1000;

    private final Store store = new Store(1);
    private final Keyspace db = store.db(0);
    private final Slice key = slice("stream");

    private static Slice slice(String text) {
        return new Slice().copyOf(text.getBytes(StandardCharsets.US_ASCII));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long stream() {
        return Streams.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
    }

    private long group(String name) {
        Slice text = slice(name);
        long group = Groups.find(stream(), text.address(), text.length());
        return group != 0 ? group : Groups.create(db, stream(), text.address(), text.length());
    }

    private long consumer(long group, String name) {
        Slice text = slice(name);
        long consumer = Groups.findConsumer(group, text.address(), text.length());
        return consumer != 0 ? consumer : Groups.createConsumer(db, group, text.address(), text.length(), 1);
    }

    private static String name(long record) {
        return Native.text(Groups.name(record), Groups.nameLength(record));
    }

    /** All that is pending in a group: by id the consumer with when and how often. */
    private static Map<Long, String> pending(long group) {
        Map<Long, String> all = new TreeMap<>();
        Pending.forEach(
                group,
                record -> all.put(
                        Pending.milliseconds(record),
                        name(Pending.consumer(record)) + " " + Pending.deliveredAt(record) + " "
                                + Pending.deliveries(record)));
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void pendingIsAMapById(long seed) {
        Random random = new Random(seed);
        long group = group("g");
        Map<Long, String> model = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            long id = random.nextInt(IDS);
            String owner = "c" + random.nextInt(5);
            boolean shrinking = i / 2500 % 2 == 1;
            switch (random.nextInt(100)) {
                case 0 -> {
                    Groups.deleteConsumer(db, group, consumer(group, owner));
                    model.values().removeIf(value -> value.startsWith(owner + " "));
                }
                default -> {
                    if (random.nextInt(4) > 0 == shrinking) {
                        assertThat(Pending.drop(db, group, id, 7)).isEqualTo(model.remove(id) != null);
                    } else {
                        Pending.give(db, group, consumer(group, owner), id, 7, i, seed);
                        model.put(id, owner + " " + i + " " + seed);
                    }
                }
            }
            if (i % 500 == 0) {
                check(group, model);
            }
        }
        check(group, model);
    }

    private void check(long group, Map<Long, String> model) {
        assertThat(pending(group)).isEqualTo(model);
        assertThat(Pending.count(group)).isEqualTo(model.size());
        Groups.forEachConsumer(group, consumer -> {
            Map<Long, String> own = new TreeMap<>(model);
            own.values().removeIf(value -> !value.startsWith(name(consumer) + " "));
            assertThat(Pending.countOf(consumer)).isEqualTo(own.size());
            long at = 0;
            for (long id : own.keySet()) {
                long record = Pending.ceilingOf(db, group, consumer, at, 0);
                assertThat(Pending.milliseconds(record)).isEqualTo(id);
                at = id + 1;
            }
            assertThat(Pending.ceilingOf(db, group, consumer, at, 0)).isZero();
        });
        for (long id = 0; id < IDS; id += 17) {
            assertThat(Pending.find(db, group, id, 7) != 0).isEqualTo(model.containsKey(id));
            assertThat(Pending.find(db, group, id, 8)).isZero();
        }
    }

    @Test
    void namesAreInOrderAndMayBeAnything() {
        for (String name : new String[] {"b", "", "a", "ab", "c\0d", "B", "\u007f", "a".repeat(5000)}) {
            group(name);
            consumer(group("b"), name);
        }
        StringBuilder order = new StringBuilder();
        Groups.forEach(stream(), group -> order.append(
                        name(group), 0, Math.min(3, name(group).length()))
                .append('|'));
        assertThat(order).hasToString("|B|a|aaa|ab|b|c\0d|\u007f|");
        assertThat(Groups.consumerCount(group("b"))).isEqualTo(8);
        Groups.destroy(db, stream(), group("a"));
        assertThat(Groups.count(stream())).isEqualTo(7);
    }

    @Test
    void allMemoryIsCountedAndComesBack() {
        stream();
        long empty = db.usedMemory();
        long before = KeyspaceMemory.ofEntry(db, stream(), 0);
        for (int g = 0; g < 20; g++) {
            long group = group("group-" + g);
            for (int i = 0; i < 500; i++) {
                Pending.give(db, group, consumer(group, "consumer-" + i % 7), i * 31 % 500, i, i, 1);
            }
        }
        assertThat(KeyspaceMemory.ofEntry(db, stream(), 0) - before).isEqualTo(db.usedMemory() - empty);
        Groups.destroy(db, stream(), group("group-3"));
        Groups.deleteConsumer(db, group("group-4"), consumer(group("group-4"), "consumer-1"));
        assertThat(KeyspaceMemory.ofEntry(db, stream(), 0) - before).isEqualTo(db.usedMemory() - empty);
        for (int g = 0; g < 20; g++) {
            Groups.destroy(db, stream(), group("group-" + g));
        }
        assertThat(db.usedMemory()).isEqualTo(empty);

        Pending.give(db, group("g"), consumer(group("g"), "c"), 1, 1, 1, 1);
        db.remove(key.address(), key.length());
        long none = db.usedMemory();
        Pending.give(db, group("g"), consumer(group("g"), "c"), 1, 1, 1, 1);
        db.remove(key.address(), key.length());
        assertThat(db.usedMemory()).isEqualTo(none);
    }

    @Test
    void aCopyHasItsOwn() {
        Pending.give(db, group("g"), consumer(group("g"), "c"), 5, 7, 100, 3);
        consumer(group("g"), "idle");
        Groups.reached(group("g"), 5, 7, 42);
        Slice to = slice("copy");
        Types.copy(db, stream(), db, to.address(), to.length(), Entry.NO_EXPIRY);
        Pending.drop(db, group("g"), 5, 7);
        Slice g = slice("g");
        long copy = Groups.find(Streams.find(db, to.address(), to.length()), g.address(), g.length());
        assertThat(pending(copy)).isEqualTo(Map.of(5L, "c 100 3"));
        assertThat(Groups.consumerCount(copy)).isEqualTo(2);
        assertThat(Groups.entriesRead(copy)).isEqualTo(42);
    }

    @Test
    void aSnapshotHasGroupsAsTheyWere() {
        Pending.give(db, group("g"), consumer(group("g"), "c"), 5, 7, 100, 3);
        Map<Long, String> seen = new TreeMap<>();
        Snapshot snapshot = store.snapshot((keyspace, index, entry) -> Groups.forEach(entry, group -> {
            seen.putAll(pending(group));
            assertThat(Groups.consumerCount(group)).isOne();
        }));
        Streams.findForWrite(db, key.address(), key.length());
        Pending.give(db, group("g"), consumer(group("g"), "other"), 5, 7, 200, 4);
        while (!snapshot.step(1_000_000)) {
            // it goes on until it is done
        }
        assertThat(seen).isEqualTo(Map.of(5L, "c 100 3"));
    }
}
