package dev.redisreplication.node.command;

import dev.redisreplication.node.store.StoreListener;

/** What the store tells goes to the journal, and expired and evicted keys as DEL to the log, expired fields as HDEL. */
final class KeyEvents implements StoreListener {
    private final Journal journal;
    private final Execution execution;
    private final Standing standing;
    private final Stats stats;

    KeyEvents(Journal journal, Execution execution, Standing standing, Stats stats) {
        this.journal = journal;
        this.execution = execution;
        this.standing = standing;
        this.stats = stats;
    }

    @Override
    public void created(int db, long key, int length) {
        journal.add(Event.NEW, db, key, length);
    }

    @Override
    public void missed(int db, long key, int length) {
        journal.add(Event.KEYMISS, db, key, length);
    }

    @Override
    public void expired(int db, long key, int length) {
        stats.expiredKeys++;
        execution.deleted(db, key, length);
        journal.add(Event.EXPIRED, db, key, length);
    }

    @Override
    public void fieldExpired(int db, long key, int length, long field, int fieldLength) {
        stats.expiredFields++;
        execution.deleted(db, key, length, field, fieldLength);
    }

    @Override
    public void fieldsExpired(int db, long key, int length, boolean gone) {
        journal.add(Event.HEXPIRED, db, key, length);
        if (gone) {
            journal.add(Event.DEL, db, key, length);
        }
    }

    @Override
    public void evicted(int db, long key, int length) {
        stats.evictedKeys++;
        if (!standing.gate().isReplica()) { // else the log is its master's
            execution.deleted(db, key, length);
        }
        journal.add(Event.EVICTED, db, key, length);
    }
}
