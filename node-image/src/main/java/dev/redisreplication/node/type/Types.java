package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.TimedHash;

/** What can be done with a value of any type. */
public final class Types {
    private static final int LONGEST_EMBSTR = 44;

    private Types() {}

    /**
     * Copies a value to a key that must be absent (remove it before), in the same database or another.
     *
     * @param expiresAt the copy's time to live, as {@link Keyspace#put} takes it
     */
    public static void copy(Keyspace from, long entry, Keyspace to, long key, int keyLength, long expiresAt) {
        switch (Entry.type(entry)) {
            case STRING -> {
                Slice text = new Slice();
                Strings.get(entry, text);
                if (Strings.isLong(entry)) {
                    Strings.set(to, key, keyLength, text.address(), text.length(), expiresAt);
                } else {
                    long copy = Strings.setText(to, key, keyLength, text.address(), text.length(), expiresAt);
                    Entry.general(copy, Entry.isGeneral(entry));
                }
            }
            case LIST -> {
                long copy = Lists.create(to, key, keyLength, expiresAt);
                Lists.range(from, entry, 0, -1, (value, length) -> Lists.pushLast(to, copy, value, length));
            }
            case SET -> {
                long copy = Sets.create(to, key, keyLength, expiresAt);
                Sets.forEach(from, entry, (member, length) -> Sets.add(to, copy, member, length));
                Entry.general(copy, Entry.isGeneral(entry));
            }
            case HASH -> {
                long copy = Hashes.create(to, key, keyLength, expiresAt);
                Hashes.forEachTimed(
                        from,
                        entry,
                        (field, fieldLength, value, valueLength, at) ->
                                Hashes.set(to, copy, field, fieldLength, value, valueLength, at));
                if (TimedHash.is(entry)) {
                    Hashes.makeTimed(to, copy);
                }
                Entry.general(copy, Entry.isGeneral(entry));
            }
            case ZSET -> {
                long copy = SortedSets.create(to, key, keyLength, expiresAt);
                SortedSets.range(
                        from,
                        entry,
                        0,
                        SortedSets.size(entry),
                        false,
                        (member, length, score) -> SortedSets.add(to, copy, member, length, score));
                Entry.general(copy, Entry.isGeneral(entry));
            }
            case STREAM -> copyStream(from, entry, to, Streams.create(to, key, keyLength, expiresAt));
        }
    }

    private static void copyStream(Keyspace from, long entry, Keyspace to, long copy) {
        Streams.range(from, entry, 0, 0, -1, -1, false, -1, new StreamVisitor() {
            private final Slice slices = new Slice();
            private long milliseconds;
            private long sequence;
            private int pairs;
            private int seen;

            @Override
            public void entry(long entryMilliseconds, long entrySequence, int entryPairs) {
                milliseconds = entryMilliseconds;
                sequence = entrySequence;
                pairs = entryPairs;
                seen = 0;
                slices.reserve(32 * pairs);
            }

            @Override
            public void field(long field, int fieldLength, long value, int valueLength) {
                long at = slices.reserve(32 * pairs) + 32L * seen;
                Memory.putLong(at, field);
                Memory.putLong(at + 8, fieldLength);
                Memory.putLong(at + 16, value);
                Memory.putLong(at + 24, valueLength);
                if (++seen == pairs) {
                    Streams.append(to, copy, milliseconds, sequence, pairs, slices.reserve(32 * pairs));
                }
            }
        });
        Streams.setLast(
                to, copy, Streams.lastMilliseconds(entry), Streams.lastSequence(entry), Streams.entriesAdded(entry));
        Streams.setMaxDeleted(to, copy, Streams.maxDeletedMilliseconds(entry), Streams.maxDeletedSequence(entry));
        Groups.copy(entry, to, copy);
    }

    /** What OBJECT ENCODING of Redis 7.0 would say of such a value; of a hash whose fields may expire, that of Redis 8.0. */
    public static String encodingName(long entry) {
        boolean general = Entry.isGeneral(entry);
        return switch (Entry.type(entry)) {
            case STRING ->
                Strings.isLong(entry) ? "int" : general || Entry.textLength(entry) > LONGEST_EMBSTR ? "raw" : "embstr";
            case LIST -> "quicklist";
            case SET -> general ? "hashtable" : "intset";
            case HASH -> general ? "hashtable" : TimedHash.is(entry) ? "listpackex" : "listpack";
            case ZSET -> general ? "skiplist" : "listpack";
            case STREAM -> "stream";
        };
    }
}
