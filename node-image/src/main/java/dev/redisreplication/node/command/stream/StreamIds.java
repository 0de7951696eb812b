package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.StreamVisitor;
import dev.redisreplication.node.type.Streams;

/** Looks at the ids of a stream's entries only: how many there are in a range, and the last one visited. */
final class StreamIds implements StreamVisitor {
    private StreamId last;
    private long count;

    /** Visits at most {@code most} entries (-1: all) from one id to another, both included. */
    void visit(Keyspace db, long stream, StreamId from, StreamId to, boolean reverse, long most) {
        Streams.range(
                db,
                stream,
                from.milliseconds(),
                from.sequence(),
                to.milliseconds(),
                to.sequence(),
                reverse,
                most,
                this);
    }

    /** How many were visited. */
    long count() {
        return count;
    }

    /** The last one visited, or null. */
    StreamId last() {
        return last;
    }

    @Override
    public void entry(long milliseconds, long sequence, int pairs) {
        last = new StreamId(milliseconds, sequence);
        count++;
    }

    @Override
    public void field(long field, int fieldLength, long value, int valueLength) {
        // the ids are enough
    }
}
