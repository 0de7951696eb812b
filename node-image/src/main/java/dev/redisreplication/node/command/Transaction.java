package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.NativeBuffer;
import java.util.Arrays;
import java.util.Map;

/** What a client has queued between MULTI and EXEC, and the keys it watches. */
final class Transaction {
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
    record Key(int db, byte[] bytes) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Key k && k.db == db && Arrays.equals(k.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes) * 31 + db;
        }
    }

    /** What is known of a key that is watched: what was there when it began, since nobody has touched it. */
    final class Watch {
        Presence state;

        Watch(Presence state) {
            this.state = state;
        }

        void touch() {
            touched = true;
        }
    }

    enum Presence {
        PRESENT,
        /** Still in the table although its time is over: that it goes is no change to whoever watches it. */
        OVER,
        ABSENT
    }

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
    Map<Key, Watch> watched;

    /** Whether a queued command writes, or is heard by replicas as if it did. */
    boolean writes() {
        return (has & (Flag.WRITE.bit | Flag.MAY_REPLICATE.bit)) != 0;
    }

    void queued(int flags) {
        has |= flags;
        lacks |= ~flags;
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
