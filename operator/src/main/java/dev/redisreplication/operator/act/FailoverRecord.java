package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.Candidate;
import dev.redisreplication.api.v1alpha1.FailoverSteps;
import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Loss;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.MovesView.Attempt;
import dev.redisreplication.operator.observe.TransitionView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * When each step of a failover happened, for {@code status.lastFailover}. Steps are measured by the monotonic clock, and
 * written as times of day. Not thread-safe.
 */
final class FailoverRecord {

    private final Clock clock;
    private final long term;
    private final String reason;
    private final String from;
    private final boolean first;
    /** Wall clock at the monotonic clock's zero. Read once: the figures keep their order, and the status stays the same. */
    private final long epochMillis;

    private final long startedAt;
    private final long detectedAt;
    private long termWrittenAt;
    private long fencedAt;
    private long clearedAt;
    private long promotedAt;
    private long routedAt;

    private String to;
    private String clearedBy;
    private List<Candidate> candidates = List.of();
    private Loss loss = new Loss(-1, -1);
    private Attempt plan;
    private long pausedAt;
    private Long fromOffset;
    private Long toOffset;

    /**
     * @param startedAt first sign of trouble (monotonic ms), 0 if none was seen before the detection
     * @param first whether nobody has ever led
     */
    FailoverRecord(
            Clock clock, InstantSource wall, long term, String reason, String from, long startedAt, boolean first) {
        this.clock = clock;
        this.term = term;
        this.reason = reason;
        this.from = from == null || from.isEmpty() ? null : from;
        this.first = first;
        this.epochMillis = wall.millis() - clock.millis();
        this.detectedAt = clock.millis();
        this.startedAt = startedAt == 0 ? detectedAt : Math.min(startedAt, detectedAt);
    }

    /**
     * It was planned.
     *
     * @param at when the master was told to hold writes back (monotonic ms)
     */
    void planned(Attempt attempt, long at) {
        plan = attempt;
        pausedAt = at;
    }

    /** What was planned, null in a failover. */
    Attempt plan() {
        return plan;
    }

    /** The member that was master, null if none was. */
    String from() {
        return from;
    }

    /** What the old master and the new one had when that was promoted, as far as the old one said so. */
    void offsets(TransitionView change, String promoted) {
        fromOffset = offset(change, from);
        toOffset = offset(change, promoted);
    }

    private static Long offset(TransitionView change, String member) {
        FenceView fence = member == null ? null : change.fences().get(member);
        return fence == null ? null : Long.valueOf(fence.offset());
    }

    /** For how long writes were held back; null in a failover, and before it is over. */
    Long pauseMillis() {
        return between(pausedAt, promotedAt);
    }

    private String kind() {
        boolean planned = plan != null || reason.equals(Decision.Reason.MasterEnding.name());
        return planned ? LastFailover.SWITCHOVER : LastFailover.FAILOVER;
    }

    long term() {
        return term;
    }

    String reason() {
        return reason;
    }

    /** Whether it is a start and no failover: nobody led before. */
    boolean isFirst() {
        return first;
    }

    void termWritten() {
        termWrittenAt = clock.millis();
    }

    /** The last fence that came in before the promotion counts. */
    void fenced() {
        fencedAt = clock.millis();
    }

    void cleared(String by, List<Candidate> compared, Loss lost) {
        clearedAt = clock.millis();
        clearedBy = by;
        candidates = compared;
        loss = lost;
    }

    /** @param at monotonic ms */
    void promoted(String member, long at) {
        to = member;
        promotedAt = at;
    }

    /** Whether the new master has its lease. */
    boolean isPromoted() {
        return promotedAt != 0;
    }

    void routed() {
        routedAt = clock.millis();
    }

    /** From the first sign of trouble to the new master's lease; 0 as long as it has none. */
    long totalMillis() {
        return Math.max(routedAt, promotedAt) == 0 ? 0 : Math.max(routedAt, promotedAt) - startedAt;
    }

    LastFailover toStatus() {
        return new LastFailover(
                term,
                reason,
                from,
                to,
                candidates,
                time(startedAt),
                time(detectedAt),
                time(termWrittenAt),
                time(fencedAt),
                time(clearedAt),
                clearedBy,
                time(promotedAt),
                time(routedAt),
                new FailoverSteps(
                        between(startedAt, detectedAt),
                        between(detectedAt, termWrittenAt),
                        between(termWrittenAt, fencedAt),
                        between(fencedAt == 0 ? termWrittenAt : fencedAt, clearedAt),
                        between(clearedAt, promotedAt),
                        between(promotedAt, routedAt),
                        totalMillis() == 0 ? null : totalMillis()),
                known(loss.bytes()),
                known(loss.knownBytes()),
                kind(),
                fromOffset,
                toOffset,
                pauseMillis());
    }

    private String time(long at) {
        if (at == 0) {
            return null;
        }
        // Instant's text leaves out zero milliseconds; a fixed width reads and sorts better.
        String text = Instant.ofEpochMilli(epochMillis + at).toString();
        return text.contains(".") ? text : text.replace("Z", ".000Z");
    }

    private static Long known(long bytes) {
        return bytes < 0 ? null : Long.valueOf(bytes);
    }

    private static Long between(long from, long to) {
        return from == 0 || to == 0 ? null : Long.valueOf(Math.max(0, to - from));
    }
}
