package dev.redisreplication.operator.observe;

import java.util.HashMap;
import java.util.Map;

/**
 * A failover or switchover that this very process began, i.e. it wrote {@code term} to status. After a restart there is none.
 *
 * @param term the new term
 * @param from name of the master before, "" if unknown or none
 * @param suspects who may have been master when the change began; see {@link Suspects}
 * @param old the old master's process as seen in its time; null if this operator never saw it
 * @param termWrittenAt when the write of the term was confirmed
 * @param fences confirmed fences of {@code term} by member
 * @param promote the one promotion ordered in this term, null before it
 * @param plan whom the role was to go to when the old master was well and made to stand still; null in a failover
 */
public record TransitionView(
        long term,
        String from,
        Suspects suspects,
        MasterProcess old,
        long termWrittenAt,
        Map<String, FenceView> fences,
        PromoteView promote,
        Plan plan) {

    /** A failover. */
    public TransitionView(
            long term,
            String from,
            Suspects suspects,
            MasterProcess old,
            long termWrittenAt,
            Map<String, FenceView> fences,
            PromoteView promote) {
        this(term, from, suspects, old, termWrittenAt, fences, promote, null);
    }

    /**
     * A switchover.
     *
     * @param target the member that shall take over
     * @param force even if it lacks something
     */
    public record Plan(String target, boolean force) {}

    public TransitionView {
        fences = Map.copyOf(fences);
    }

    /** With one more confirmed fence; a later one of the same member replaces the earlier. */
    public TransitionView fenced(FenceView fence) {
        Map<String, FenceView> more = new HashMap<>(fences);
        more.put(fence.member(), fence);
        return new TransitionView(term, from, suspects, old, termWrittenAt, more, promote, plan);
    }

    /** With the promotion as it stands; set to SENT before the order leaves, so that it is never ordered twice. */
    public TransitionView promoting(PromoteView now) {
        return new TransitionView(term, from, suspects, old, termWrittenAt, fences, now, plan);
    }

    /** Who has to be cleared before anybody is promoted. */
    public enum Suspects {
        /** Nobody: the first start, all members answered and none is a master. */
        NOBODY,
        /** Only the master that status named. */
        MASTER,
        /** Any member: the operator does not know what was ordered before. */
        ANYBODY
    }

    /**
     * The promotion of a term.
     *
     * @param member who
     * @param runId its process
     * @param outcome what became of it
     */
    public record PromoteView(String member, String runId, Outcome outcome) {}

    /** What is known of an order. */
    public enum Outcome {
        SENT,
        DONE,
        /** Refused, or no answer: it may have been carried out. */
        UNKNOWN
    }
}
