package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import java.util.HashMap;
import java.util.Map;

/** Who may fail a master over in an epoch: each Sentinel has one vote, and keeps it over a restart. */
final class Election {
    /** Others begin up to so many milliseconds apart. */
    static final int SPREAD = 1000;

    private final Book book;

    Election(Book book) {
        this.book = book;
    }

    /** Votes for {@code candidate}, unless it has voted in this epoch or knows a later one. What holds is in the master then. */
    void vote(Master master, long epoch, String candidate) {
        if (Book.isLater(epoch, book.epoch)) {
            book.epoch(epoch, master);
        }
        if (!Book.isLater(epoch, master.leaderEpoch) || Book.isLater(book.epoch, epoch)) {
            return;
        }
        master.leader = candidate;
        master.leaderEpoch = epoch;
        book.save();
        book.publish(Log.Level.WARNING, "+vote-for-leader", master, candidate + " " + epoch);
        if (!candidate.equalsIgnoreCase(book.myId)) {
            master.failoverStart = book.now + book.below(SPREAD); // it is the other's turn
        }
    }

    /** The Sentinel that has the votes of the quorum, and of more than half of all, in this epoch; null if none has. */
    String leader(Master master, long epoch) {
        Map<String, Integer> votes = new HashMap<>();
        for (OtherSentinel sentinel : master.sentinels.values()) {
            if (!sentinel.vote.isEmpty() && sentinel.voteEpoch == book.epoch) {
                votes.merge(sentinel.vote, 1, Integer::sum);
            }
        }
        String ahead = most(votes);
        vote(master, epoch, ahead == null ? book.myId : ahead);
        if (!master.leader.isEmpty() && master.leaderEpoch == epoch) {
            votes.merge(master.leader, 1, Integer::sum);
        }
        String winner = most(votes);
        int needed = Math.max(master.quorum, (master.sentinels.size() + 1) / 2 + 1);
        return winner != null && votes.get(winner) >= needed ? winner : null;
    }

    private static String most(Map<String, Integer> votes) {
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
