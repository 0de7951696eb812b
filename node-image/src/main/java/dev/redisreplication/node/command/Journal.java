package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to which key during one {@link Execution}, in order. Whoever changes data writes it down; when the execution
 * ends at its outermost level, each reader gets all entries, one reader after the other in the order in which they
 * subscribed. While no reader wants anything, nothing is written. On the event loop only.
 */
public final class Journal {
    /** In place of the number of a database: all of them. */
    public static final int ALL = -1;

    private static final int HEAD = 12; // event, database and length, as ints
    private static final int KEPT = 64 << 10; // bytes of memory that stay between executions
    private static final int FULL = 16 << 20; // bytes: what is there is told before there is more
    private static final Event[] EVENTS = Event.values();

    /** Is told of what happened to keys. */
    @FunctionalInterface
    public interface Reader {
        /**
         * One entry. All of them are told after the last change was made, so the data may have changed again since.
         *
         * @param db the number of the database at that time, or {@link #ALL}
         * @param key the address of the key, valid during the call
         * @param length its bytes; 0 where the event is one of a whole database
         */
        void read(Event event, int db, long key, int length);
    }

    /** One reader's place in the journal. */
    public final class Subscription {
        private final Reader reader;
        private boolean on;
        private int seen;

        private Subscription(Reader reader) {
            this.reader = reader;
        }

        /** Whether the reader wants to be told at all. It hears nothing of what was before. */
        public void on(boolean wanted) {
            if (on == wanted) {
                return;
            }
            catchUp();
            on = wanted;
            active = subscriptions.stream().anyMatch(s -> s.on);
        }

        /** Tells the reader now what happened so far, as something is about to change that it is understood by. */
        public void catchUp() {
            while (seen < entries.readable()) {
                int at = seen;
                int length = Memory.getInt(entries.address() + at + 8);
                seen = at + HEAD + length;
                if (on) {
                    reader.read(
                            EVENTS[Memory.getInt(entries.address() + at)],
                            Memory.getInt(entries.address() + at + 4),
                            entries.address() + at + HEAD,
                            length);
                }
            }
        }
    }

    private final List<Subscription> subscriptions = new ArrayList<>();
    private NativeBuffer entries = new NativeBuffer(256);
    private boolean active;

    /** Adds a reader behind those that are there; it hears nothing until it is switched on. */
    public Subscription subscribe(Reader reader) {
        Subscription subscription = new Subscription(reader);
        subscription.seen = entries.readable();
        subscriptions.add(subscription);
        return subscription;
    }

    /** Whether any reader wants to be told. To be asked before anything is done only for {@link #add}. */
    public boolean active() {
        return active;
    }

    /** Writes an entry if anybody wants to read it. The key is copied. Not to be called by a reader. */
    public void add(Event event, int db, long key, int length) {
        if (active) {
            write(event, db, key, length);
        }
    }

    /** The same for an event of a whole database, or of {@link #ALL}. */
    public void add(Event event, int db) {
        add(event, db, 0, 0);
    }

    private void write(Event event, int db, long key, int length) {
        if (entries.readable() > FULL) {
            deliver();
        }
        entries.ensure(HEAD + length);
        long at = entries.address() + entries.readable();
        Memory.putInt(at, event.ordinal());
        Memory.putInt(at + 4, db);
        Memory.putInt(at + 8, length);
        Memory.copy(key, at + HEAD, length);
        entries.wrote(HEAD + length);
    }

    /** Lets all readers read what is there. An execution does it at its end. */
    void deliver() {
        if (entries.readable() == 0) {
            return;
        }
        for (Subscription subscription : subscriptions) {
            subscription.catchUp();
        }
        entries.clear();
        for (Subscription subscription : subscriptions) {
            subscription.seen = 0;
        }
        if (entries.capacity() > KEPT) {
            entries.close();
            entries = new NativeBuffer(256);
        }
    }
}
