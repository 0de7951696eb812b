package dev.redisreplication.node.command;

import dev.redisreplication.node.store.StoreListener;

/** What the store tells: changed keys go to the watching clients, expired ones as DEL to the log. */
final class KeyEvents implements StoreListener {
    private final Node node;

    KeyEvents(Node node) {
        this.node = node;
    }

    @Override
    public void changed(int db, long key, int length) {
        node.watches().touch(db, key, length);
    }

    @Override
    public void expired(int db, long key, int length) {
        node.stats().expiredKeys++;
        node.execution().expired(db, key, length);
    }

    @Override
    public void flushed(int db) {
        node.watches().touchAll(db);
    }

    @Override
    public void swapped(int a, int b) {
        node.watches().touchSwapped(a, b);
    }
}
