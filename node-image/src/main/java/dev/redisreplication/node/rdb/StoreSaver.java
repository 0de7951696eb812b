package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.SnapshotSink;
import dev.redisreplication.node.store.TimedHash;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Hashes;
import dev.redisreplication.node.type.Lists;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;
import dev.redisreplication.node.type.StreamVisitor;
import dev.redisreplication.node.type.Streams;
import dev.redisreplication.node.type.Strings;

/** Writes the entries of a snapshot into a dump. On the thread that owns the store. */
public final class StoreSaver implements SnapshotSink {
    private final RdbWriter out;
    private final StreamWriter streams;
    private final Slice value = new Slice();
    private final StreamPairs pairs = new StreamPairs();
    private int selected = -1;

    /** A saver into a dump whose header was written. */
    public StoreSaver(RdbWriter out) {
        this.out = out;
        this.streams = new StreamWriter(out);
    }

    @Override
    public void entry(Keyspace keyspace, int db, long entry) {
        if (db != selected) {
            selected = db;
            out.selectDb(db);
            out.sizes(keyspace.size(), keyspace.volatileSize());
        }
        if (keyspace.store().policy().isLru()) {
            out.idle(keyspace.idleSeconds(entry));
        } else if (keyspace.store().policy().isLfu()) {
            out.frequency(keyspace.frequency(entry));
        }
        out.key(typeOf(entry), Entry.keyAddress(entry), Entry.keyLength(entry), Entry.expiry(entry));
        value(keyspace, entry);
    }

    /** Which of the format's types an entry is written as. */
    static int typeOf(long entry) {
        return isTimed(entry) ? RdbFormat.TYPE_HASH_EXPIRING : RdbWriter.typeOf(Entry.type(entry));
    }

    /** Whether only the newer version of the format has it. */
    static boolean isTimed(long entry) {
        return TimedHash.is(entry) && TimedHash.times(entry) != 0;
    }

    /** The value alone. */
    void value(Keyspace keyspace, long entry) {
        switch (Entry.type(entry)) {
            case STRING -> {
                Strings.get(entry, value);
                out.string(value.address(), value.length());
            }
            case LIST -> {
                out.length(Lists.length(entry));
                Lists.range(keyspace, entry, 0, -1, out::string);
            }
            case SET -> {
                out.length(Sets.size(entry));
                Sets.forEach(keyspace, entry, out::string);
            }
            case HASH -> {
                if (isTimed(entry)) {
                    timedHash(keyspace, entry);
                    return;
                }
                out.length(Hashes.size(entry));
                Hashes.forEachTimed(keyspace, entry, (field, fieldLength, text, length, none) -> {
                    out.string(field, fieldLength);
                    out.string(text, length);
                });
            }
            case ZSET -> {
                long size = SortedSets.size(entry);
                out.length(size);
                SortedSets.range(keyspace, entry, 0, size, false, (member, length, score) -> {
                    out.string(member, length);
                    out.score(score);
                });
            }
            case STREAM -> stream(keyspace, entry);
        }
    }

    /** Times count from a bound below all of them, 1 for that; 0 is none. */
    private void timedHash(Keyspace keyspace, long entry) {
        long earliest = TimedHash.earliest(entry);
        out.time(earliest);
        out.length(Hashes.size(entry));
        Hashes.forEachTimed(keyspace, entry, (field, fieldLength, text, length, expiresAt) -> {
            out.length(expiresAt == Entry.NO_EXPIRY ? 0 : expiresAt - earliest + 1);
            out.string(field, fieldLength);
            out.string(text, length);
        });
    }

    private void stream(Keyspace keyspace, long entry) {
        long length = Streams.length(entry);
        streams.begin(length);
        pairs.reset();
        Streams.range(keyspace, entry, 0, 0, -1, -1, false, -1, pairs);
        streams.end(new StreamFacts(
                Streams.lastMilliseconds(entry),
                Streams.lastSequence(entry),
                pairs.firstMs,
                pairs.firstSequence,
                Streams.maxDeletedMilliseconds(entry),
                Streams.maxDeletedSequence(entry),
                Streams.entriesAdded(entry),
                length));
        out.length(Groups.count(entry));
        Groups.forEach(entry, this::group);
    }

    private void group(long group) {
        out.string(Groups.name(group), Groups.nameLength(group));
        out.length(Groups.lastMilliseconds(group));
        out.length(Groups.lastSequence(group));
        out.length(Groups.entriesRead(group));
        out.length(Pending.count(group));
        Pending.forEach(group, record -> {
            out.id(Pending.milliseconds(record), Pending.sequence(record));
            out.time(Pending.deliveredAt(record));
            out.length(Pending.deliveries(record));
        });
        out.length(Groups.consumerCount(group));
        Groups.forEachConsumer(group, consumer -> {
            out.string(Groups.name(consumer), Groups.nameLength(consumer));
            out.time(Groups.seen(consumer));
            out.length(Pending.countOf(consumer));
            Pending.forEachIdOf(consumer, out::id);
        });
    }

    /** Gathers the pairs of an entry until it is whole. */
    private final class StreamPairs implements StreamVisitor {
        private Slice[] slices = new Slice[0];
        private int filled;
        private int expected;
        private long ms;
        private long sequence;
        private boolean any;
        private long firstMs;
        private long firstSequence;

        private void reset() {
            any = false;
            firstMs = 0;
            firstSequence = 0;
        }

        @Override
        public void entry(long milliseconds, long sequenceNumber, int count) {
            if (!any) {
                any = true;
                firstMs = milliseconds;
                firstSequence = sequenceNumber;
            }
            ms = milliseconds;
            sequence = sequenceNumber;
            filled = 0;
            expected = 2 * count;
            if (slices.length < expected) {
                slices = new Slice[expected];
                for (int i = 0; i < expected; i++) {
                    slices[i] = new Slice();
                }
            }
        }

        @Override
        public void field(long field, int fieldLength, long text, int length) {
            // Copies: integers may be rendered into one reused buffer.
            slices[filled++].copyOf(field, fieldLength);
            slices[filled++].copyOf(text, length);
            if (filled == expected) {
                streams.entry(ms, sequence, slices, expected);
            }
        }
    }
}
