package dev.redisreplication.node.store;

import static dev.redisreplication.node.store.TimedHash.WIDTH;
import static dev.redisreplication.node.store.TimedHash.body;
import static dev.redisreplication.node.store.TimedHash.earliest;
import static dev.redisreplication.node.store.TimedHash.isTable;
import static dev.redisreplication.node.store.TimedHash.size;
import static dev.redisreplication.node.store.TimedHash.timeAt;
import static dev.redisreplication.node.store.TimedHash.times;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;
import dev.redisreplication.node.memory.Slice;
import java.util.Arrays;

/** Times to live of the fields of a {@link TimedHash}: giving them, and deleting fields whose time is over. */
public final class FieldTimes {
    private static final long NEVER = Long.MAX_VALUE;

    private FieldTimes() {}

    /** Makes one of a hash that was found for writing and is none yet. */
    public static void of(Keyspace db, long entry) {
        Slabs slabs = db.slabs();
        boolean table = Entry.encoding(entry) == Entry.TABLE;
        long body = table ? Entry.root(entry) : triples(db, Entry.root(entry));
        long root = slabs.allocate(Roots.TIMED);
        Memory.putLong(root + Roots.TIMED_BODY, body);
        Memory.putLong(root + Roots.TIMED_EARLIEST, NEVER);
        Memory.putInt(root + Roots.TIMED_COUNT, 0);
        Memory.putInt(root + Roots.TIMED_TABLE, table ? 1 : 0);
        Entry.root(entry, Entry.TREE, root);
    }

    private static long triples(Keyspace db, long pairs) {
        Slabs slabs = db.slabs();
        long block = Block.create(slabs, Block.bytes(pairs) + Block.count(pairs));
        try (Frame frame = db.store().frame()) {
            Slice text = frame.first();
            int element = 0;
            long end = Block.end(pairs);
            for (long at = Block.first(pairs); at != end; at = Packed.next(at)) {
                Packed.get(at, text);
                block = Block.append(slabs, block, text.address(), text.length());
                if (++element % 2 == 0) {
                    text.decimal(0);
                    block = Block.append(slabs, block, text.address(), text.length());
                }
            }
        }
        Block.free(slabs, pairs);
        return block;
    }

    /** To be told of each time that is given, taken or changed; of a field that is new or goes as well. */
    public static void changed(Keyspace db, long entry, long before, long after) {
        long root = Entry.root(entry);
        int count = Memory.getInt(root + Roots.TIMED_COUNT);
        int now = count - (before == Entry.NO_EXPIRY ? 0 : 1) + (after == Entry.NO_EXPIRY ? 0 : 1);
        Memory.putInt(root + Roots.TIMED_COUNT, now);
        db.countTimed((now == 0 ? 0 : 1) - (count == 0 ? 0 : 1));
        if (now == 0) {
            Memory.putLong(root + Roots.TIMED_EARLIEST, NEVER);
        } else if (after != Entry.NO_EXPIRY) {
            if (after < Memory.getLong(root + Roots.TIMED_EARLIEST)) {
                Memory.putLong(root + Roots.TIMED_EARLIEST, after);
            }
            db.noteFieldTime(entry, after);
        }
    }

    /** Gives an entry of the table a time to live in ms since 1970, or takes it with {@link Entry#NO_EXPIRY}. It may move. */
    public static void expireMember(Slabs slabs, long table, long member, long expiresAt) {
        long hash = HashTable.hash(Entry.keyAddress(member), Entry.keyLength(member));
        boolean had = Entry.hasExpiry(member);
        boolean has = expiresAt != Entry.NO_EXPIRY;
        if (had && has) {
            Entry.expiresAt(member, expiresAt);
        } else if (had != has) {
            long moved = Values.withHead(slabs, member, expiresAt, Entry.keyAddress(member), Entry.keyLength(member));
            HashTable.replace(HashTable.slotOf(table, member, hash), moved);
            slabs.free(member, Entry.size(member));
        }
        Members.note(table, hash, expiresAt);
    }

    /** Removes a field of a hash that was found for writing; whether it was there. An empty hash stays. */
    public static boolean remove(Keyspace db, long entry, long field, int length) {
        long body = body(entry);
        long before;
        if (isTable(entry)) {
            long member = Members.find(body, field, length);
            if (member == 0) {
                return false;
            }
            before = Entry.expiry(member);
            Members.removeEntry(db.slabs(), body, member);
        } else {
            long at = Block.find(body, field, length, WIDTH);
            if (at == 0) {
                return false;
            }
            before = timeAt(at);
            body(entry, Block.remove(db.slabs(), body, (int) (at - Block.first(body)), WIDTH), false);
        }
        changed(db, entry, before, Entry.NO_EXPIRY);
        return true;
    }

    /** Deletes a field whose time is over; the listener is told of it, but not yet of the hash: {@link #settle}. */
    public static void end(Keyspace db, long entry, long field, int length) {
        db.beforeChange(entry);
        db.fieldExpired(entry, field, length);
        remove(db, entry, field, length);
    }

    /**
     * To be called after {@link #end}: the listener hears that fields have expired; the hash goes if it is empty.
     *
     * @return the entry, or 0 if the hash is gone
     */
    public static long settle(Keyspace db, long entry) {
        boolean gone = size(entry) == 0;
        db.fieldsExpired(entry, gone);
        if (gone) {
            db.removeEntry(entry);
        }
        return gone ? 0 : entry;
    }

    /**
     * Deletes the fields whose time is over, and the hash with the last of them.
     *
     * @param deadline of {@link System#nanoTime}, looked at now and then in a large hash
     * @return the entry, or 0 if the hash is gone
     */
    public static long sweep(Keyspace db, long entry, long deadline) {
        if (db.core.now <= earliest(entry)) {
            return entry;
        }
        int before = times(entry);
        if (isTable(entry)) {
            sweepTable(db, entry, deadline);
        } else {
            sweepBlock(db, entry);
        }
        return times(entry) == before ? entry : settle(db, entry);
    }

    private static void sweepBlock(Keyspace db, long entry) {
        long earliest = NEVER;
        try (Frame frame = db.store().frame()) {
            Slice field = frame.first();
            int position = 0;
            while (position < Block.bytes(body(entry))) {
                long at = Block.first(body(entry)) + position;
                long time = timeAt(at);
                if (time != Entry.NO_EXPIRY && db.core.now > time) {
                    Packed.get(at, field);
                    end(db, entry, field.address(), field.length());
                } else {
                    earliest = time == Entry.NO_EXPIRY ? earliest : Math.min(earliest, time);
                    at = Packed.next(Packed.next(Packed.next(at)));
                    position = (int) (at - Block.first(body(entry)));
                }
            }
        }
        earliest(entry, earliest);
    }

    private static void sweepTable(Keyspace db, long entry, long deadline) {
        long table = body(entry);
        Sweep sweep = new Sweep(db.core.now);
        long earliest = NEVER;
        long position = 0;
        do {
            long segment = HashTable.segmentFor(table, position);
            int depth = Segments.depth(segment);
            long next = depth == 0 ? 0 : ((position >>> (64 - depth)) + 1) << (64 - depth);
            if (Segments.earliest(segment) < db.core.now) {
                sweep.look(segment);
                for (int i = 0; i < sweep.count; i++) {
                    long member = sweep.over[i];
                    end(db, entry, Entry.keyAddress(member), Entry.keyLength(member));
                }
                if (System.nanoTime() - deadline >= 0) {
                    return; // the bound stays in the past: the next sweep goes on
                }
                earliest = Math.min(earliest, sweep.earliest);
            } else {
                earliest = Math.min(earliest, Segments.earliest(segment));
            }
            position = next;
        } while (position != 0);
        earliest(entry, earliest);
    }

    /** Finds the entries of a segment whose time is over. */
    private static final class Sweep implements EntryVisitor {
        private final long now;
        private long[] over = new long[16];
        private int count;
        private long earliest;

        private Sweep(long now) {
            this.now = now;
        }

        private void look(long segment) {
            count = 0;
            earliest = NEVER;
            for (int i = 0; i < Segments.size(segment); i++) {
                HashTable.visit(Segments.buckets(segment) + (long) i * HashTable.BUCKET, this);
            }
            Segments.earliest(segment, earliest);
        }

        @Override
        public void entry(long member) {
            if (!Entry.hasExpiry(member)) {
                return;
            }
            if (now <= Entry.expiry(member)) {
                earliest = Math.min(earliest, Entry.expiry(member));
                return;
            }
            if (count == over.length) {
                over = Arrays.copyOf(over, 2 * count);
            }
            over[count++] = member;
        }
    }
}
