package dev.redisreplication.operator.act;

/**
 * A group's permission to act. It is asked for with the first of several steps that follow one another, and given back after the last:
 * so this process does not end in the middle of a failover, as long as that does not have to wait. Only the group's loop calls it.
 */
public final class Pass {

    private final InFlight inFlight;
    private int held;

    public Pass(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    /** Returns whether a step may be taken; it has to {@link #end} then. */
    public boolean begin() {
        if (held == 0 && !inFlight.enter()) {
            return false;
        }
        held++;
        return true;
    }

    /** A step has come to its end. */
    public void end() {
        held--;
        if (held == 0) {
            inFlight.leave();
        }
    }
}
