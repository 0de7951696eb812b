package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.sentinel.Instance.State;
import java.util.Comparator;

/** Which replica takes a master's place. Pure. */
final class Selection {
    private static final int INFOS_WHILE_UP = 3;
    private static final int PINGS_WHILE_DOWN = 5;
    private static final int DOWN_AFTERS = 10;

    private static final Comparator<Replica> BEST_FIRST = Comparator.comparingInt((Replica r) -> r.priority)
            .thenComparing(Comparator.comparingLong((Replica r) -> r.offset).reversed())
            .thenComparing(r -> r.runId.isEmpty()) // one whose id is not known comes last
            .thenComparing(r -> r.runId, String.CASE_INSENSITIVE_ORDER);

    private final long now;
    private final long pingPeriod;
    private final long infoPeriod;

    Selection(long now, long pingPeriod, long infoPeriod) {
        this.now = now;
        this.pingPeriod = pingPeriod;
        this.infoPeriod = infoPeriod;
    }

    static Selection of(Book book) {
        return new Selection(book.now, book.time(Time.PING_PERIOD), book.time(Time.INFO_PERIOD));
    }

    /** The best one: least priority number, then most data, then the lesser run ID; null if none is fit. */
    Replica best(Master master) {
        return master.replicas.values().stream()
                .filter(replica -> isFit(master, replica))
                .min(BEST_FIRST)
                .orElse(null);
    }

    private boolean isFit(Master master, Replica replica) {
        boolean masterDown = master.is(State.S_DOWN);
        long infoMayBe = masterDown ? pingPeriod * PINGS_WHILE_DOWN : infoPeriod * INFOS_WHILE_UP;
        long linkMayBe = master.downAfter * DOWN_AFTERS + (masterDown ? now - master.downSince : 0);
        return !replica.isDown()
                && !replica.link.isDown()
                && now - replica.link.lastAvailable <= pingPeriod * PINGS_WHILE_DOWN
                && replica.priority != 0
                && now - replica.infoAt <= infoMayBe
                && replica.masterLinkDown <= linkMayBe;
    }
}
