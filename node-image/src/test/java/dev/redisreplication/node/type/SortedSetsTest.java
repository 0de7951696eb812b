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
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SortedSetsTest {
    private record Scored(String member, double score) {}

    private static final Comparator<Scored> ORDER =
            Comparator.comparingDouble(Scored::score).thenComparing(Scored::member);

    private final Store store = new Store(1);
    private final Keyspace db = store.db(0);
    private final Native text = new Native();
    private final Slice key = new Slice().copyOf("zset".getBytes(StandardCharsets.US_ASCII));
    private final Slice out = new Slice();
    private final List<Scored> model = new ArrayList<>();

    @AfterEach
    void close() {
        store.close();
    }

    private long find() {
        return SortedSets.findForWrite(db, key.address(), key.length());
    }

    private static double score(Random random, int scores) {
        return switch (random.nextInt(20)) {
            case 0 -> Double.NEGATIVE_INFINITY;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> 0.0;
            default -> (random.nextInt(scores) - scores / 2) / 4.0;
        };
    }

    private Scored known(String member) {
        return model.stream().filter(s -> s.member().equals(member)).findFirst().orElse(null);
    }

    private void put(Scored scored) {
        int at = Collections.binarySearch(model, scored, ORDER);
        assertThat(at).isNegative();
        model.add(-at - 1, scored);
    }

    private List<Scored> range(long from, long to, boolean reverse) {
        List<Scored> seen = new ArrayList<>();
        SortedSets.range(
                db, find(), from, to, reverse, (a, n, score) -> seen.add(new Scored(Native.text(a, n), score)));
        return seen;
    }

    @ParameterizedTest
    @CsvSource({"1,60,10", "2,60,1000", "3,400,6", "4,400,5000", "5,3000,30", "6,3000,100000", "7,3000,1"})
    void behavesAsASortedList(long seed, int members, int scores) {
        Random random = new Random(seed);
        for (int i = 0; i < 12_000; i++) {
            step(random, members, scores);
            long entry = find();
            assertThat(entry == 0 ? 0 : SortedSets.size(entry)).isEqualTo(model.size());
            if (i % 200 == 0 && entry != 0) {
                assertThat(range(0, model.size(), false))
                        .as("seed %d step %d", seed, i)
                        .isEqualTo(model);
                assertThat(range(0, model.size(), true)).isEqualTo(model.reversed());
            }
        }
        db.remove(key.address(), key.length());
        long left = db.usedMemory();
        Slice m = text.of("x");
        SortedSets.add(
                db, SortedSets.create(db, key.address(), key.length(), Entry.NO_EXPIRY), m.address(), m.length(), 1);
        db.remove(key.address(), key.length());
        assertThat(db.usedMemory()).as("all is given back").isEqualTo(left);
    }

    private void step(Random random, int members, int scores) {
        int number = random.nextInt(members);
        Slice m = text.of(number % 2 == 0 ? Integer.toString(number) : "m".repeat(number % 70) + number);
        Scored old = known(m.toString());
        long entry = find();
        int choice = random.nextInt(12);
        if (entry == 0 || choice < 6) {
            Scored added = new Scored(m.toString(), score(random, scores));
            entry = SortedSets.create(db, key.address(), key.length(), Entry.NO_EXPIRY);
            assertThat(SortedSets.add(db, entry, m.address(), m.length(), added.score()))
                    .isEqualTo(old == null);
            model.remove(old);
            put(added);
            return;
        }
        int size = model.size();
        switch (choice) {
            case 6, 7 -> {
                assertThat(SortedSets.remove(db, entry, m.address(), m.length()))
                        .isEqualTo(old != null);
                model.remove(old);
            }
            case 8 -> {
                assertThat(SortedSets.rank(db, entry, m.address(), m.length())).isEqualTo(model.indexOf(old));
                assertThat(SortedSets.score(db, entry, m.address(), m.length()))
                        .isEqualTo(Double.valueOf(old == null ? Double.NaN : old.score()));
            }
            case 9 -> {
                double border = score(random, scores);
                assertThat(SortedSets.countBelow(db, entry, border, false))
                        .isEqualTo(
                                model.stream().filter(s -> s.score() < border).count());
                assertThat(SortedSets.countBelow(db, entry, border, true))
                        .isEqualTo(
                                model.stream().filter(s -> s.score() <= border).count());
                if (scores == 1 && model.stream().allMatch(s -> s.score() == 0)) {
                    String name = m.toString();
                    assertThat(SortedSets.countBelowMember(db, entry, m.address(), m.length(), true))
                            .isEqualTo(model.stream()
                                    .filter(s -> s.member().compareTo(name) <= 0)
                                    .count());
                }
            }
            case 10 -> {
                boolean highest = random.nextBoolean();
                double score = SortedSets.pop(db, entry, highest, out);
                Scored popped = highest ? model.removeLast() : model.removeFirst();
                assertThat(new Scored(out.toString(), score)).isEqualTo(popped);
            }
            default -> {
                int from = random.nextInt(size);
                int to = from + random.nextInt(Math.min(200, size - from) + 1);
                assertThat(range(from, to, true))
                        .isEqualTo(model.subList(from, to).reversed());
                if (random.nextInt(20) == 0) {
                    SortedSets.removeRange(db, entry, from, to);
                    model.subList(from, to).clear();
                }
            }
        }
    }
}
