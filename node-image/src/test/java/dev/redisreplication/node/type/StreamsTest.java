package dev.redisreplication.node.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Native;
import dev.redisreplication.node.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsTest {
    private record Item(long time, long sequence, List<String> fields) {}

    private static final class Collector implements StreamVisitor {
        final List<Item> items = new ArrayList<>();

        @Override
        public void entry(long milliseconds, long sequence, int pairs) {
            items.add(new Item(milliseconds, sequence, new ArrayList<>()));
        }

        @Override
        public void field(long field, int fieldLength, long value, int valueLength) {
            items.getLast().fields().add(Native.text(field, fieldLength));
            items.getLast().fields().add(Native.text(value, valueLength));
        }
    }

    private final Store store = new Store(1);
    private final Keyspace db = store.db(0);
    private final Native text = new Native();
    private final Slice key = new Slice().copyOf("stream".getBytes(StandardCharsets.US_ASCII));
    private final Slice pairs = new Slice();

    @AfterEach
    void close() {
        store.close();
    }

    private void append(long entry, long time, long sequence, List<String> fields) {
        long at = pairs.reserve(16 * fields.size());
        for (int i = 0; i < fields.size(); i++) {
            Slice part = text.of(fields.get(i));
            Memory.putLong(at + 16L * i, part.address());
            Memory.putLong(at + 16L * i + 8, part.length());
        }
        Streams.append(db, entry, time, sequence, fields.size() / 2, at);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesAsALog(long seed) {
        Random random = new Random(seed);
        List<Item> model = new ArrayList<>();
        long entry = Streams.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
        long time = seed == 3 ? -5000 : 1;
        long sequence = 0;
        int added = 0;
        for (int i = 0; i < 10_000; i++) {
            int choice = random.nextInt(10);
            if (choice < 6) {
                time += random.nextInt(2);
                sequence++;
                List<String> fields = new ArrayList<>();
                for (int f = 0; f <= random.nextInt(3); f++) {
                    fields.add("f" + f);
                    fields.add("v".repeat(random.nextInt(random.nextInt(50) == 0 ? 6000 : 30)));
                }
                append(entry, time, sequence, fields);
                model.add(new Item(time, sequence, fields));
                added++;
            } else if (choice == 6 && !model.isEmpty()) {
                Item gone = model.remove(random.nextInt(model.size()));
                assertThat(Streams.delete(db, entry, gone.time(), gone.sequence()))
                        .isTrue();
                assertThat(Streams.delete(db, entry, gone.time(), gone.sequence()))
                        .isFalse();
            } else if (choice == 7 && random.nextInt(20) == 0) {
                trim(random, entry, model);
            } else if (!model.isEmpty()) {
                int from = random.nextInt(model.size());
                int to = from + random.nextInt(Math.min(300, model.size() - from));
                boolean reverse = random.nextBoolean();
                Collector seen = new Collector();
                Item first = model.get(from);
                Item last = model.get(to);
                long count = Streams.range(
                        db, entry, first.time(), first.sequence(), last.time(), last.sequence(), reverse, -1, seen);
                List<Item> expected = model.subList(from, to + 1);
                assertThat(seen.items)
                        .as("seed %d step %d", seed, i)
                        .isEqualTo(reverse ? expected.reversed() : expected);
                assertThat(count).isEqualTo(expected.size());
            }
            assertThat(Streams.length(entry)).isEqualTo(model.size());
        }
        assertThat(Streams.entriesAdded(entry)).isEqualTo(added);
        assertThat(Streams.lastMilliseconds(entry)).isEqualTo(time);
        copiesAndGivesBack(entry, model);
    }

    private void trim(Random random, long entry, List<Item> model) {
        int keep = random.nextInt(model.size() + 5);
        boolean approximate = random.nextBoolean();
        long removed;
        if (random.nextBoolean() || keep >= model.size() || keep == 0) {
            removed = Streams.trimToLength(db, entry, keep, approximate);
        } else {
            Item first = model.get(model.size() - keep);
            removed = Streams.trimBelow(db, entry, first.time(), first.sequence(), approximate);
        }
        int exact = Math.max(0, model.size() - keep);
        assertThat(removed).isBetween(approximate ? 0L : exact, (long) exact);
        model.subList(0, (int) removed).clear();
    }

    private void copiesAndGivesBack(long entry, List<Item> model) {
        Slice other = text.of("copy");
        Types.copy(db, entry, db, other.address(), other.length(), Entry.NO_EXPIRY);
        Collector seen = new Collector();
        long copy = Streams.find(db, other.address(), other.length());
        Streams.range(db, copy, 0, 0, -1, -1, false, -1, seen);
        assertThat(seen.items).isEqualTo(model);
        db.remove(other.address(), other.length());
        db.remove(key.address(), key.length());
        long left = db.usedMemory();
        append(Streams.create(db, key.address(), key.length(), Entry.NO_EXPIRY), 1, 1, List.of("a", "b"));
        db.remove(key.address(), key.length());
        assertThat(db.usedMemory()).as("all is given back").isEqualTo(left);
    }

    @Test
    void refusesIdsThatDoNotAscend() {
        long entry = Streams.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
        assertThatThrownBy(() -> append(entry, 0, 0, List.of("a", "b"))).isSameAs(TypeError.STREAM_ID_ZERO);
        append(entry, 5, 5, List.of("a", "b"));
        assertThatThrownBy(() -> append(entry, 5, 5, List.of("a", "b"))).isSameAs(TypeError.STREAM_ID_TOO_SMALL);
        assertThat(Streams.length(entry)).isEqualTo(1);
    }
}
