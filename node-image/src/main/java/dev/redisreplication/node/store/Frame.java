package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Slice;

/** What one operation on a value needs for a while: taken from {@link Store#frame}, given back by closing it. */
public final class Frame implements AutoCloseable {
    private final Store store;
    private final TreeCursor cursor = new TreeCursor();
    private final Slice first = new Slice();
    private final Slice second = new Slice();

    Frame(Store store) {
        this.store = store;
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
        store.release();
    }
}
