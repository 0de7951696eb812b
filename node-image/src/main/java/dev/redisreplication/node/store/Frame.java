package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Slice;

/** What one operation on a value needs for a while: taken from {@link StoreCore#frame}, given back by closing it. */
public final class Frame implements AutoCloseable {
    private final Runnable closed;
    private final TreeCursor cursor = new TreeCursor();
    private final Slice first = new Slice();
    private final Slice second = new Slice();

    /** @param closed is called when it is given back */
    Frame(Runnable closed) {
        this.closed = closed;
    }

    public TreeCursor cursor() {
        return cursor;
    }

    public Slice first() {
        return first;
    }

    public Slice second() {
        return second;
    }

    @Override
    public void close() {
        closed.run();
    }
}
