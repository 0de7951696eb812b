package dev.redisreplication.operator.observe;

/**
 * What this process remembers of planned switchovers.
 *
 * @param attempt the one under way, until its term begins or it is given up; null if none
 * @param settled the order on the resource that is over, though it may still be shown; "" if none
 * @param failed what was given up last; null if nothing
 * @param notBefore when that may be tried again (operator's monotonic ms)
 * @param orderedAt since when the order on the resource stands there; the same clock
 */
public record MovesView(Attempt attempt, String settled, Goal failed, long notBefore, long orderedAt) {

    /** Nothing was ever wanted. */
    public static final MovesView NONE = new MovesView(null, "", null, 0, 0);

    /**
     * A master was told to hold writes back.
     *
     * @param goal why
     * @param term of that master
     * @param target pod that shall take over
     * @param boundMs for how long the master does so at most
     * @param pausedAt when it confirmed that, -1 as long as it has not
     */
    public record Attempt(Goal goal, long term, String target, long boundMs, long pausedAt) {

        /** The master has confirmed. */
        public Attempt paused(long at) {
            return new Attempt(goal, term, target, boundMs, at);
        }
    }

    /** Whether that failed a short while ago, and nothing else was tried since. */
    public boolean rests(Goal goal, long now) {
        return goal.equals(failed) && now < notBefore;
    }
}
