package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.NativeBuffer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a client has queued between MULTI and EXEC, and the keys it watches. */
final class Transaction {
    boolean active;
    /** A queued command was refused: EXEC will abort. */
    boolean broken;
    /** A watched key was changed: EXEC will do nothing. */
    boolean touched;

    /** The queued commands as canonical RESP, one behind the other. */
    NativeBuffer queue;

    /** How many commands are queued. */
    int count;

    /** Which commands are among them, each once, in the order in which they came first; null for none. */
    Set<CommandRow> kinds;

    /** The keys that are watched; null for none. */
    Map<Watches.Key, Watches.Watch> watched;

    /** Whether a queued command writes. */
    boolean writes() {
        if (kinds == null) {
            return false;
        }
        for (CommandRow row : kinds) {
            if (row.has(Flag.WRITE) || row.has(Flag.MAY_REPLICATE)) {
                return true;
            }
        }
        return false;
    }

    void queued(CommandRow row) {
        if (kinds == null) {
            kinds = new LinkedHashSet<>();
        }
        kinds.add(row);
        count++;
    }

    /** Bytes that are queued. */
    long queueLength() {
        return queue == null ? 0 : queue.readable();
    }

    /** Memory that the queue takes, in bytes. */
    long queueBytes() {
        return queue == null ? 0 : queue.capacity();
    }

    void discard() {
        active = false;
        broken = false;
        touched = false;
        count = 0;
        kinds = null;
        if (queue != null) {
            queue.close();
            queue = null;
        }
    }
}
