package dev.redisreplication.node.command;

import dev.redisreplication.node.store.StoreListener;

/** What the store tells goes to the journal, and expired and evicted keys as DEL to the log. */
final class KeyEvents implements StoreListener {
    private final Node node;

    KeyEvents(Node node) {
        this.node = node;
    }

    @Override
    public void created(int db, long key, int length) {
        node.journal().add(Event.NEW, db, key, length);
    }

    @Override
    public void missed(int db, long key, int length) {
        node.journal().add(Event.KEYMISS, db, key, length);
    }

    @Override
    public void expired(int db, long key, int length) {
        node.stats().expiredKeys++;
        node.execution().deleted(db, key, length);
        node.journal().add(Event.EXPIRED, db, key, length);
    }

    @Override
    public void evicted(int db, long key, int length) {
        node.stats().evictedKeys++;
        if (!node.gate().isReplica()) { // else the log is its master's
            node.execution().deleted(db, key, length);
        }
        node.journal().add(Event.EVICTED, db, key, length);
    }
}
