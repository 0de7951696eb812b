package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.NativeBuffer;
import java.util.Map;

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

    /** Flags that at least one of them has. */
    int has;

    /** Flags that at least one of them has not. */
    int lacks;

    /** The keys that are watched; null for none. */
    Map<Watches.Key, Watches.Watch> watched;

    /** Whether a queued command writes, or is heard by replicas as if it did. */
    boolean writes() {
        return (has & (Flag.WRITE.bit | Flag.MAY_REPLICATE.bit)) != 0;
    }

    void queued(CommandRow row) {
        has |= row.flags;
        lacks |= ~row.flags;
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
        has = 0;
        lacks = 0;
        if (queue != null) {
            queue.close();
            queue = null;
        }
    }
}
