package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Connection;
import java.util.ArrayDeque;

/**
 * The replies of one client that may not leave yet, in their order: so many bytes of its output once the log is safe up to
 * an offset, the next so many up to a later one. On the event loop.
 */
final class Hold {
    /**
     * The output of a round in which the client wrote.
     *
     * @param end position in the client's output behind it
     * @param needed the offset that it depends on
     */
    private record Part(long end, long needed) {}

    private final ArrayDeque<Part> parts = new ArrayDeque<>(2);

    /** Everything that was written so far and not sent yet waits for this offset. */
    void add(Connection connection, long needed) {
        if (parts.isEmpty()) {
            connection.sendUpTo(0);
        }
        parts.add(new Part(connection.written(), needed));
    }

    /**
     * Lets go what does not wait any more, to be sent at the end of this round: sending may end the connection.
     *
     * @return whether nothing waits
     */
    boolean release(Connection connection, long safe) {
        long end = -1;
        while (!parts.isEmpty() && parts.peek().needed <= safe) {
            end = parts.remove().end;
        }
        if (parts.isEmpty()) {
            end = Long.MAX_VALUE;
        }
        if (end >= 0) {
            connection.sendUpTo(end);
            connection.flushLater();
        }
        return parts.isEmpty();
    }
}
