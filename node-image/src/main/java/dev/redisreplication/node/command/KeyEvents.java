package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.StoreListener;

/** What the store tells: changed keys go to the watching clients, expired ones as DEL to the log. */
final class KeyEvents implements StoreListener {
    private final Node node;
    private final NativeBuffer scratch = new NativeBuffer(256);

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
        if (node.effects().active()) {
            scratch.clear();
            scratch.put("*2\r\n$3\r\nDEL\r\n$");
            scratch.putDecimal(length);
            scratch.put("\r\n");
            scratch.put(key, length);
            scratch.put("\r\n");
            node.effects().append(db, scratch.address(), scratch.readable());
        }
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
