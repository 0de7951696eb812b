package dev.redisreplication.operator.ledger;

import dev.redisreplication.operator.observe.Goal;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.MovesView.Attempt;

/** Remembers planned switchovers. What failed is tried again, after a while that doubles each time. Of the group's loop. */
public final class Moves {
    private static final long FIRST_REST_MS = 10_000;
    private static final int DOUBLINGS = 5;

    private Attempt attempt;
    private String settled = "";
    private String order = "";
    private long orderedAt;
    private Goal failed;
    private int failures;
    private long notBefore;

    Moves() {}

    /** The order on the resource as it is shown now: one that has gone, or is another, may come again. */
    public void order(String shown, long now) {
        if (!shown.equals(order)) {
            order = shown;
            orderedAt = now;
        }
        if (!shown.equals(settled)) {
            settled = "";
        }
    }

    /** An order is over, whatever became of it. */
    public void settled(String order) {
        settled = order;
    }

    /** A master is about to be told to hold writes back. */
    public void begun(Goal goal, long term, String target, long boundMs) {
        attempt = new Attempt(goal, term, target, boundMs, -1);
    }

    /** It does. */
    public void paused(long now) {
        if (attempt != null) {
            attempt = attempt.paused(now);
        }
    }

    /** It is over without another master. */
    public void gaveUp(Goal goal, long now) {
        attempt = null;
        failures = goal.equals(failed) ? failures + 1 : 0;
        failed = goal;
        notBefore = now + (FIRST_REST_MS << Math.min(failures, DOUBLINGS));
    }

    /** There is another master, as it was planned. */
    public void done() {
        failed = null;
        failures = 0;
    }

    /** Whatever was under way was so in another term. */
    void newTerm(long term) {
        if (attempt != null && attempt.term() != term) {
            attempt = null;
        }
    }

    /** What is remembered. */
    public MovesView view() {
        return new MovesView(attempt, settled, failed, notBefore, orderedAt);
    }
}
