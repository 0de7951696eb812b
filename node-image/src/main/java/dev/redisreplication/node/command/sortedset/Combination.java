package dev.redisreplication.node.command.sortedset;

import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.IndexSort;
import dev.redisreplication.node.command.sortedset.CombineOptions.Aggregate;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.ScoreVisitor;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;

/**
 * Members with scores that come of several sets and sorted sets, each member once: all is copied into native memory, sorted by
 * member, and what belongs together becomes one. To be used again and again; not from several threads.
 */
final class Combination {
    // What was gathered: members, and the bits of their scores.
    private final ElementBuffer members = new ElementBuffer();
    private final ElementBuffer given = new ElementBuffer();
    private final IndexSort order = new IndexSort();

    // What came of it, each member once, in their order: which of the members, and the bits of its score.
    private final ElementBuffer which = new ElementBuffer();
    private final ElementBuffer scores = new ElementBuffer();

    /** How many members were found. */
    int size() {
        return which.size();
    }

    /** Forgets all. */
    void clear() {
        members.clear();
        given.clear();
        order.clear();
        which.clear();
        scores.clear();
    }

    /** All members of all sources. */
    void union(Keyspace db, CombineOptions options) {
        clear();
        sortSources(options);
        for (int i = 0; i < options.sources.length; i++) {
            double weight = options.weights[i];
            each(
                    db,
                    options.sources[i],
                    (member, length, score) -> add(member, length, CombineOptions.orZero(weight * score)));
        }
        join(options.aggregate);
    }

    /** The members that all sources have. */
    void inter(Keyspace db, CombineOptions options) {
        clear();
        sortSources(options);
        if (options.sources[0] == 0) {
            return;
        }
        each(db, options.sources[0], (member, length, first) -> {
            double score = CombineOptions.orZero(options.weights[0] * first);
            for (int i = 1; i < options.sources.length; i++) {
                double own = score(db, options.sources[i], member, length);
                if (Double.isNaN(own)) {
                    return;
                }
                score = options.aggregate.of(score, options.weights[i] * own);
            }
            if (members.size() < options.limit) {
                add(member, length, score);
            }
        });
        join(options.aggregate);
    }

    /** The members of the first source that no other one has. */
    void diff(Keyspace db, CombineOptions options) {
        clear();
        each(db, options.sources[0], (member, length, score) -> {
            for (int i = 1; i < options.sources.length; i++) {
                if (!Double.isNaN(score(db, options.sources[i], member, length))) {
                    return;
                }
            }
            add(member, length, score);
        });
        join(options.aggregate);
    }

    /** Smaller ones first, as Redis does it: sums of doubles depend on the order. */
    private static void sortSources(CombineOptions options) {
        for (int i = 1; i < options.sources.length; i++) {
            for (int k = i; k > 0 && size(options.sources[k]) < size(options.sources[k - 1]); k--) {
                long source = options.sources[k];
                options.sources[k] = options.sources[k - 1];
                options.sources[k - 1] = source;
                double weight = options.weights[k];
                options.weights[k] = options.weights[k - 1];
                options.weights[k - 1] = weight;
            }
        }
    }

    private static long size(long source) {
        if (source == 0) {
            return 0;
        }
        return Entry.type(source) == Type.ZSET ? SortedSets.size(source) : Sets.size(source);
    }

    private static void each(Keyspace db, long source, ScoreVisitor visitor) {
        if (source == 0) {
            return;
        }
        if (Entry.type(source) == Type.ZSET) {
            SortedSets.range(db, source, 0, SortedSets.size(source), false, visitor);
        } else {
            Sets.forEach(db, source, (member, length) -> visitor.member(member, length, 1));
        }
    }

    /** The score that a member has, or NaN. */
    private static double score(Keyspace db, long source, long member, int length) {
        if (source == 0) {
            return Double.NaN;
        }
        if (Entry.type(source) == Type.ZSET) {
            return SortedSets.score(db, source, member, length);
        }
        return Sets.contains(db, source, member, length) ? 1 : Double.NaN;
    }

    private void add(long member, int length, double score) {
        members.add(member, length);
        given.add(Double.doubleToRawLongBits(score));
    }

    private int compareMembers(int a, int b) {
        return Memory.compare(members.address(a), members.length(a), members.address(b), members.length(b));
    }

    /** Makes one of what has the same member. The sort keeps the order of the sources, and with it that of the sums. */
    private void join(Aggregate aggregate) {
        order.sort(members.size(), this::compareMembers);
        for (int i = 0; i < members.size(); ) {
            int first = order.at(i);
            double score = Double.longBitsToDouble(given.get(first));
            for (i++; i < members.size() && compareMembers(first, order.at(i)) == 0; i++) {
                score = aggregate.of(score, Double.longBitsToDouble(given.get(order.at(i))));
            }
            which.add(first);
            scores.add(Double.doubleToRawLongBits(score));
        }
    }

    private double score(int i) {
        return Double.longBitsToDouble(scores.get(i));
    }

    /** Writes all, in the order of scores and then of members, and forgets them. */
    void replyTo(ReplyWriter reply, boolean withScores) {
        order.sort(size(), (a, b) -> score(a) < score(b) ? -1 : score(a) > score(b) ? 1 : 0);
        Pairs.begin(reply, size(), withScores);
        for (int i = 0; i < size(); i++) {
            int at = order.at(i);
            int member = (int) which.get(at);
            Pairs.write(reply, withScores, members.address(member), members.length(member), score(at));
        }
        clear();
    }

    /** Makes a sorted set of all, at a key that is absent. */
    void storeAt(Keyspace db, long key, int keyLength) {
        long target = SortedSets.create(db, key, keyLength, Entry.NO_EXPIRY);
        // As Redis makes it: a large one, which is made compact in the end if it is small.
        Entry.general(target, true);
        int longest = 0;
        for (int i = 0; i < size(); i++) {
            int member = (int) which.get(i);
            SortedSets.add(db, target, members.address(member), members.length(member), score(i));
            longest = Math.max(longest, members.length(member));
        }
        SortedSets.compactIfSmall(db, target, longest);
    }
}
