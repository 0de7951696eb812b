package dev.redisreplication.node.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Native;
import dev.redisreplication.node.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListsTest {
    private final Store store = new Store(1);
    private final Keyspace db = store.db(0);
    private final Native text = new Native();
    private final Slice key = new Slice().copyOf("list".getBytes(StandardCharsets.US_ASCII));
    private final Slice out = new Slice();

    @AfterEach
    void close() {
        store.close();
    }

    private long find() {
        return Lists.findForWrite(db, key.address(), key.length());
    }

    private List<String> contents(long start, long stop) {
        List<String> all = new ArrayList<>();
        if (find() != 0) {
            Lists.range(db, find(), start, stop, (a, n) -> all.add(Native.text(a, n)));
        }
        return all;
    }

    private static String element(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(random.nextInt(20));
            case 1 -> Long.toString(random.nextLong() >> random.nextInt(64));
            case 2 -> "x".repeat(random.nextInt(200));
            case 3 -> random.nextInt(40) == 0 ? "large".repeat(random.nextInt(4000)) : "";
            default -> "e" + random.nextInt(20);
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void behavesAsAList(long seed) {
        Random random = new Random(seed);
        List<String> model = new ArrayList<>();
        int most = seed % 2 == 0 ? 60 : 3000;
        for (int i = 0; i < 8000; i++) {
            step(random, model, most);
            long entry = find();
            assertThat(entry == 0 ? 0 : Lists.length(entry)).isEqualTo(model.size());
            if (i % 50 == 0 || most < 100) {
                assertThat(contents(0, -1)).as("seed %d step %d", seed, i).isEqualTo(model);
            }
        }
        db.remove(key.address(), key.length());
        long left = db.usedMemory();
        push(false, "x");
        db.remove(key.address(), key.length());
        assertThat(db.usedMemory()).as("all is given back").isEqualTo(left);
    }

    private void push(boolean first, String value) {
        Slice v = text.of(value);
        long entry = Lists.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
        if (first) {
            Lists.pushFirst(db, entry, v.address(), v.length());
        } else {
            Lists.pushLast(db, entry, v.address(), v.length());
        }
    }

    private void step(Random random, List<String> model, int most) {
        String value = element(random);
        Slice v = text.of(value);
        long entry = find();
        if (entry == 0 || model.size() < most && random.nextInt(3) != 0) {
            boolean first = random.nextBoolean();
            push(first, value);
            model.add(first ? 0 : model.size(), value);
            return;
        }
        int size = model.size();
        int index = random.nextInt(size);
        switch (random.nextInt(9)) {
            case 0 -> {
                assertThat(Lists.popFirst(db, entry, out)).isEqualTo(size - 1);
                assertThat(out.toString()).isEqualTo(model.removeFirst());
            }
            case 1 -> {
                assertThat(Lists.popLast(db, entry, out)).isEqualTo(size - 1);
                assertThat(out.toString()).isEqualTo(model.removeLast());
            }
            case 2 -> {
                assertThat(Lists.get(db, entry, index - size, out)).isTrue();
                assertThat(out.toString()).isEqualTo(model.get(index));
                assertThat(Lists.get(db, entry, size, out)).isFalse();
            }
            case 3 -> {
                assertThat(Lists.set(db, entry, index, v.address(), v.length())).isTrue();
                model.set(index, value);
            }
            case 4 -> {
                boolean before = random.nextBoolean();
                Slice pivot = text.of(model.get(index));
                int at = model.indexOf(model.get(index)) + (before ? 0 : 1);
                model.add(at, value);
                assertThat(Lists.insert(db, entry, before, pivot.address(), pivot.length(), v.address(), v.length()))
                        .isEqualTo(model.size());
            }
            case 5 -> {
                int count = random.nextInt(7) - 3;
                assertThat(Lists.remove(db, entry, count, v.address(), v.length()))
                        .isEqualTo(removeFrom(model, count, value));
            }
            case 6 -> {
                int stop = index + random.nextInt(40);
                assertThat(contents(index, stop - (long) size >= 0 ? -1 : stop - (long) size))
                        .isEqualTo(model.subList(index, Math.min(size, stop + 1)));
            }
            case 7 -> {
                boolean backwards = random.nextBoolean();
                int expected = backwards
                        ? model.subList(0, index + 1).lastIndexOf(value)
                        : model.subList(index, size).indexOf(value);
                assertThat(Lists.indexOf(db, entry, index, backwards, v.address(), v.length()))
                        .isEqualTo(backwards || expected < 0 ? expected : expected + index);
            }
            default -> {
                if (random.nextInt(30) == 0) {
                    int from = random.nextInt(size / 2 + 1);
                    int stop = random.nextInt(size);
                    List<String> kept = from > stop ? List.of() : List.copyOf(model.subList(from, stop + 1));
                    assertThat(Lists.trim(db, entry, from, stop)).isEqualTo(kept.size());
                    model.clear();
                    model.addAll(kept);
                }
            }
        }
    }

    private static long removeFrom(List<String> model, int count, String value) {
        if (count < 0) {
            Collections.reverse(model);
            long removed = removeFrom(model, -count, value);
            Collections.reverse(model);
            return removed;
        }
        long removed = 0;
        while ((count == 0 || removed < count) && model.remove(value)) {
            removed++;
        }
        return removed;
    }
}
