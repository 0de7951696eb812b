package dev.redisreplication.node.replication;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a replica has to wait for its next full resync. One that was fed everything in vain would be so again, at the cost
 * of a dump each time: from the second time in a row on it waits a second, then twice as long each time, up to a minute. On
 * the event loop.
 */
public final class SyncBackoff {
    private static final long FIRST = 1000; // milliseconds, as all here
    private static final long LONGEST = 60_000;

    /** After so long without another failure, or in the stream, what was before says nothing any more. */
    private static final long FORGOTTEN = 600_000;

    private static final long STEADY = 60_000;
    private static final int MOST_KNOWN = 1000;

    private record Failures(int inARow, long last) {}

    private final Map<String, Failures> replicas = new LinkedHashMap<>();

    /**
     * A full resync has come to nothing, or what followed it.
     *
     * @param replica its address and port
     * @param streamed for how long it was in the stream
     * @return how often that was so in a row
     */
    public int failed(String replica, long streamed, long now) {
        Failures before = replicas.remove(replica);
        boolean anew = before == null || now - before.last > FORGOTTEN || streamed > STEADY;
        int inARow = anew ? 1 : before.inARow + 1;
        replicas.values().removeIf(each -> now - each.last > FORGOTTEN);
        if (replicas.size() >= MOST_KNOWN) {
            replicas.remove(replicas.keySet().iterator().next());
        }
        replicas.put(replica, new Failures(inARow, now));
        return inARow;
    }

    /** How long it has to wait from now on. */
    public long waitMillis(String replica, long now) {
        Failures before = replicas.get(replica);
        if (before == null || before.inARow < 2) {
            return 0;
        }
        long pause = Math.min(LONGEST, FIRST << Math.min(before.inARow - 2, 10));
        return Math.max(0, before.last + pause - now);
    }
}
