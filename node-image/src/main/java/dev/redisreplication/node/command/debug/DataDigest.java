package dev.redisreplication.node.command.debug;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.DoubleText;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.type.Hashes;
import dev.redisreplication.node.type.Lists;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;
import dev.redisreplication.node.type.StreamVisitor;
import dev.redisreplication.node.type.Streams;
import dev.redisreplication.node.type.Strings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The digest of DEBUG DIGEST: equal to Redis' for equal data, however it is kept. That a key has a time to live is in it,
 * not when it ends; the consumer groups of a stream are not. What has expired and is still there counts. On the thread
 * that owns the store.
 */
final class DataDigest {
    private static final byte[] EXPIRES = "!!expire!!".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIELD_EXPIRES = "!!hexpire!!".getBytes(StandardCharsets.US_ASCII);
    private static final int SCANNED = 1000; // entries a step

    private final Sha1 sha = new Sha1();
    private final byte[] one = new byte[Sha1.SIZE]; // of a pair, until it is whole

    /** Of all databases: zeros when all are empty. */
    String of(Store store) {
        byte[] all = new byte[Sha1.SIZE];
        for (int i = 0; i < store.databases(); i++) {
            Keyspace db = store.db(i);
            if (db.size() == 0) {
                continue;
            }
            sha.mix(all, i);
            long cursor = 0;
            do {
                cursor = db.scan(cursor, SCANNED, entry -> sha.add(all, named(db, entry)));
            } while (cursor != 0);
        }
        return Sha1.text(all);
    }

    /** Of one value, and of whether it has a time to live; zeros when there is none. */
    String ofValue(Keyspace db, long entry) {
        byte[] sum = new byte[Sha1.SIZE];
        if (entry != 0) {
            value(sum, db, entry);
        }
        return Sha1.text(sum);
    }

    private byte[] named(Keyspace db, long entry) {
        byte[] sum = new byte[Sha1.SIZE];
        sha.mix(sum, Entry.keyAddress(entry), Entry.keyLength(entry));
        value(sum, db, entry);
        return sum;
    }

    private void value(byte[] sum, Keyspace db, long entry) {
        sha.mix(sum, redisType(entry));
        switch (Entry.type(entry)) {
            case STRING -> {
                Slice text = new Slice();
                Strings.get(entry, text);
                sha.mix(sum, text.address(), text.length());
            }
            case LIST -> Lists.range(db, entry, 0, -1, (address, length) -> sha.mix(sum, address, length));
            case SET -> Sets.forEach(db, entry, (address, length) -> sha.add(sum, address, length));
            case ZSET ->
                SortedSets.range(db, entry, 0, SortedSets.size(entry), false, (member, length, score) -> {
                    begin(member, length);
                    sha.mix(one, DoubleText.of(score));
                    sha.add(sum, one);
                });
            case HASH ->
                Hashes.forEachTimed(db, entry, (field, fieldLength, value, length, expiresAt) -> {
                    begin(field, fieldLength);
                    sha.mix(one, value, length);
                    if (expiresAt != Entry.NO_EXPIRY) {
                        sha.add(one, FIELD_EXPIRES);
                    }
                    sha.add(sum, one);
                });
            case STREAM ->
                Streams.range(db, entry, 0, 0, -1, -1, false, -1, new StreamVisitor() {
                    @Override
                    public void entry(long milliseconds, long sequence, int pairs) {
                        sha.mix(sum, Long.toUnsignedString(milliseconds) + '.' + Long.toUnsignedString(sequence));
                    }

                    @Override
                    public void field(long field, int fieldLength, long value, int length) {
                        sha.mix(sum, field, fieldLength);
                        sha.mix(sum, value, length);
                    }
                });
        }
        if (Entry.hasExpiry(entry)) {
            sha.add(sum, EXPIRES);
        }
    }

    private void begin(long address, int length) {
        Arrays.fill(one, (byte) 0);
        sha.mix(one, address, length);
    }

    /** The number that Redis has for the type. */
    private static int redisType(long entry) {
        return switch (Entry.type(entry)) {
            case STRING -> 0;
            case LIST -> 1;
            case SET -> 2;
            case ZSET -> 3;
            case HASH -> 4;
            case STREAM -> 6;
        };
    }
}
