package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Block;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.FieldTimes;
import dev.redisreplication.node.store.Frame;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Members;
import dev.redisreplication.node.store.Packed;
import dev.redisreplication.node.store.TimedHash;

/**
 * What {@link Hashes} does with a hash whose fields may have times to live. All of it takes a field for there until it is deleted,
 * its time over or not.
 */
final class TimedHashes {
    private TimedHashes() {}

    /**
     * Sets a field; whether it was new.
     *
     * @param expiresAt ms since 1970, NO_EXPIRY, or {@link Keyspace#KEEP_EXPIRY}
     */
    static boolean put(
            Keyspace db, long entry, long field, int fieldLength, long value, int valueLength, long expiresAt) {
        if (!TimedHash.isTable(entry)) {
            long at = Block.find(TimedHash.body(entry), field, fieldLength, TimedHash.WIDTH);
            boolean fits = fieldLength <= Hashes.LONGEST_PACKED && valueLength <= Hashes.LONGEST_PACKED;
            if (fits && (at != 0 || TimedHash.size(entry) < Hashes.MOST_PACKED)) {
                putPacked(db, entry, at, field, fieldLength, value, valueLength, expiresAt);
                return at == 0;
            }
            toTable(db, entry);
        }
        long table = TimedHash.body(entry);
        long member = Members.find(table, field, fieldLength);
        long before = member == 0 ? Entry.NO_EXPIRY : Entry.expiry(member);
        long after = expiresAt == Keyspace.KEEP_EXPIRY ? before : expiresAt;
        FieldTable.put(db, table, field, fieldLength, value, valueLength, after);
        FieldTimes.changed(db, entry, before, after);
        return member == 0;
    }

    private static void putPacked(
            Keyspace db,
            long entry,
            long at,
            long field,
            int fieldLength,
            long value,
            int valueLength,
            long expiresAt) {
        long block = TimedHash.body(entry);
        long before = at == 0 ? Entry.NO_EXPIRY : TimedHash.timeAt(at);
        long after = expiresAt == Keyspace.KEEP_EXPIRY ? before : expiresAt;
        if (at == 0) {
            block = Block.append(db.slabs(), block, field, fieldLength);
            block = Block.append(db.slabs(), block, value, valueLength);
            try (Frame frame = db.store().frame()) {
                Slice time = frame.first().decimal(written(after));
                block = Block.append(db.slabs(), block, time.address(), time.length());
            }
        } else {
            int position = (int) (at - Block.first(block));
            int valueAt = (int) (Packed.next(at) - Block.first(block));
            block = Block.replace(db.slabs(), block, valueAt, value, valueLength);
            if (before != after) {
                block = withTime(db, block, position, after);
            }
        }
        TimedHash.body(entry, block, false);
        FieldTimes.changed(db, entry, before, after);
    }

    private static long withTime(Keyspace db, long block, int position, long expiresAt) {
        long time = Packed.next(Packed.next(Block.first(block) + position));
        try (Frame frame = db.store().frame()) {
            Slice text = frame.first().decimal(written(expiresAt));
            return Block.replace(db.slabs(), block, (int) (time - Block.first(block)), text.address(), text.length());
        }
    }

    private static long written(long expiresAt) {
        return expiresAt == Entry.NO_EXPIRY ? 0 : expiresAt;
    }

    private static void toTable(Keyspace db, long entry) {
        long block = TimedHash.body(entry);
        long table = Members.create(db.slabs());
        scan(
                db,
                entry,
                0,
                Integer.MAX_VALUE,
                (field, fieldLength, value, valueLength, expiresAt) ->
                        FieldTable.put(db, table, field, fieldLength, value, valueLength, expiresAt));
        TimedHash.body(entry, table, true);
        Block.free(db.slabs(), block);
    }

    /** Points {@code out} at a field's value; returns its time to live, or {@link Hashes#ABSENT}. */
    static long get(long entry, long field, int fieldLength, Slice out) {
        long body = TimedHash.body(entry);
        if (TimedHash.isTable(entry)) {
            long member = Members.find(body, field, fieldLength);
            if (member == 0) {
                return Hashes.ABSENT;
            }
            Strings.get(member, out);
            return Entry.expiry(member);
        }
        long at = Block.find(body, field, fieldLength, TimedHash.WIDTH);
        if (at == 0) {
            return Hashes.ABSENT;
        }
        Packed.get(Packed.next(at), out);
        return TimedHash.timeAt(at);
    }

    /** A field's time to live, or {@link Hashes#ABSENT}. */
    static long expiry(long entry, long field, int fieldLength) {
        long body = TimedHash.body(entry);
        if (TimedHash.isTable(entry)) {
            long member = Members.find(body, field, fieldLength);
            return member == 0 ? Hashes.ABSENT : Entry.expiry(member);
        }
        long at = Block.find(body, field, fieldLength, TimedHash.WIDTH);
        return at == 0 ? Hashes.ABSENT : TimedHash.timeAt(at);
    }

    /** Gives a field that is there a time to live, or takes it with NO_EXPIRY. */
    static void expire(Keyspace db, long entry, long field, int fieldLength, long expiresAt) {
        long body = TimedHash.body(entry);
        long before;
        if (TimedHash.isTable(entry)) {
            long member = Members.find(body, field, fieldLength);
            before = Entry.expiry(member);
            FieldTimes.expireMember(db.slabs(), body, member, expiresAt);
        } else {
            long at = Block.find(body, field, fieldLength, TimedHash.WIDTH);
            before = TimedHash.timeAt(at);
            TimedHash.body(entry, withTime(db, body, (int) (at - Block.first(body)), expiresAt), false);
        }
        FieldTimes.changed(db, entry, before, expiresAt);
    }

    /** Points the slices at a random field and its value; returns its time to live. */
    static long random(Keyspace db, long entry, Slice field, Slice value) {
        long body = TimedHash.body(entry);
        if (TimedHash.isTable(entry)) {
            long member = Members.random(body, db.store().randomness());
            field.point(Entry.keyAddress(member), Entry.keyLength(member));
            Strings.get(member, value);
            return Entry.expiry(member);
        }
        int count = Block.count(body);
        int index = TimedHash.WIDTH * (int) db.store().randomness().below(count / TimedHash.WIDTH);
        long at = Block.element(body, index, count);
        Packed.get(at, field);
        Packed.get(Packed.next(at), value);
        return TimedHash.timeAt(at);
    }

    /** One step of a scan of all fields. */
    static long scan(Keyspace db, long entry, long cursor, int count, TimedFieldVisitor visitor) {
        long body = TimedHash.body(entry);
        try (Frame frame = db.store().frame()) {
            Slice field = frame.first();
            Slice value = frame.second();
            if (TimedHash.isTable(entry)) {
                return Members.scan(body, cursor, count, member -> {
                    Strings.get(member, value);
                    visitor.field(
                            Entry.keyAddress(member),
                            Entry.keyLength(member),
                            value.address(),
                            value.length(),
                            Entry.expiry(member));
                });
            }
            long end = Block.end(body);
            for (long at = Block.first(body); at != end; at = Packed.next(at)) {
                long time = TimedHash.timeAt(at);
                Packed.get(at, field);
                at = Packed.next(at);
                Packed.get(at, value);
                at = Packed.next(at);
                visitor.field(field.address(), field.length(), value.address(), value.length(), time);
            }
        }
        return 0;
    }
}
