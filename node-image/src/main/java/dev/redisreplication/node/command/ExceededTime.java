package dev.redisreplication.node.command;

/** How long more memory was used than maxmemory allows, to the tick of the clock that looks. On the event loop only. */
public final class ExceededTime {
    private long total;
    private long since;
    private long lastLook;
    private boolean over;

    /** Notes how it is at {@code now}, in monotonic milliseconds. */
    public void look(boolean exceeded, long now) {
        if (over && !exceeded) {
            total += now - since;
        } else if (exceeded && !over) {
            since = now;
        }
        over = exceeded;
        lastLook = now;
    }

    /** Milliseconds of all times, the present one included. */
    public long total() {
        return total + current();
    }

    /** Milliseconds of the present time; 0 when less is used. */
    public long current() {
        return over ? lastLook - since : 0;
    }

    void reset() {
        total = 0;
        over = false;
    }
}
