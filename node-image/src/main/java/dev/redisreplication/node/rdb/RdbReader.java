package dev.redisreplication.node.rdb;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.TypeError;

/**
 * Reads a dump from native memory, or through a window from where it comes, and hands what it holds to a visitor. Everything that Redis 2.8 to
 * 8.0 and Valkey 8.1 write for strings, lists, sets, sorted sets, hashes and streams. What the node has no type for is
 * refused: {@link Foreign}. One reader, one dump, one thread.
 */
public final class RdbReader {
    private static final int HEADER = 9;
    private static final int KEYS_BETWEEN_REPORTS = 1024;
    private static final int SCORE_NAN = 253;
    private static final int SCORE_INFINITE = 254;
    private static final int SCORE_MINUS_INFINITE = 255;

    private final RdbInput in;
    private final RdbVisitor visitor;
    private final PackedReader packed;
    private final StreamReader streams;
    private final Slice key = new Slice();
    private final Slice first = new Slice();
    private final Slice second = new Slice();
    private int version;
    private long expireAt = -1;

    /** A reader of {@code length} bytes at {@code address}. */
    public RdbReader(long address, long length, RdbVisitor visitor) {
        this(new RdbInput(address, length), visitor);
    }

    /** A reader of what comes through a window. */
    RdbReader(RdbWindow window, RdbVisitor visitor) {
        this(new RdbInput(window), visitor);
    }

    private RdbReader(RdbInput in, RdbVisitor visitor) {
        this.in = in;
        this.visitor = visitor;
        this.packed = new PackedReader(in, visitor);
        this.streams = new StreamReader(in, visitor);
    }

    /**
     * Reads the whole dump.
     *
     * @return bytes the dump took, its checksum included; the memory may go on (the preamble of an append-only file)
     * @throws RdbException where it is cut short, broken, or of a version newer than 12
     */
    public long read() throws RdbException {
        readHeader();
        for (int i = 0; ; i++) {
            long began = in.offset();
            if (i % KEYS_BETWEEN_REPORTS == 0) {
                visitor.reached(began);
            }
            int op = in.unsignedByte("the next opcode");
            switch (op) {
                case RdbFormat.OP_EOF -> {
                    checkSum();
                    return in.offset();
                }
                case RdbFormat.OP_AUX -> {
                    in.string(first, "an aux field's name");
                    in.string(second, "an aux field's value");
                    visitor.aux(first.toString(), second.toString());
                }
                case RdbFormat.OP_SELECT_DB -> visitor.selectDb(in.count("a database number"));
                case RdbFormat.OP_RESIZE_DB ->
                    visitor.sizes(in.length("a number of keys"), in.length("of expiring keys"));
                case RdbFormat.OP_EXPIRE_MS -> expireAt = in.fixed64("an expiry");
                case RdbFormat.OP_EXPIRE_SECONDS -> expireAt = in.fixed32("an expiry") * 1000L;
                case RdbFormat.OP_FREQ -> visitor.use(-1, in.unsignedByte("an access frequency"));
                case RdbFormat.OP_IDLE -> visitor.use(in.length("an idle time"), -1);
                case RdbFormat.OP_FUNCTION_2 -> {
                    in.string(first, "a function library");
                    visitor.library(first);
                }
                case RdbFormat.OP_SLOT_INFO -> { // of a cluster: how many keys a slot has
                    in.length("a slot");
                    in.length("a number of keys");
                    in.length("a number of expiring keys");
                }
                case RdbFormat.OP_FUNCTION_PRE_GA ->
                    throw new RdbException(began, "functions of a release candidate of Redis 7.0 are there");
                case RdbFormat.OP_MODULE_AUX -> throw Foreign.moduleAux(began, in.length("a module's id"));
                default -> readKey(op, began);
            }
        }
    }

    private void readHeader() throws RdbException {
        in.raw(first, HEADER, "the header REDISnnnn");
        String header = first.toString();
        if (!header.matches("REDIS\\d{4}")) {
            throw new RdbException(0, "no RDB: the header REDISnnnn was expected");
        }
        version = Integer.parseInt(header.substring(5));
        if (version < 1 || version > RdbFormat.NEWEST_READABLE_VERSION) {
            throw new RdbException(
                    0, "version " + version + " cannot be read, only 1 to " + RdbFormat.NEWEST_READABLE_VERSION);
        }
    }

    /** Since version 5 a checksum ends the dump; zero means that the writer had checksums off. */
    private void checkSum() throws RdbException {
        if (version < 5) {
            return;
        }
        long expected = in.crcSoFar();
        long began = in.offset();
        long found = in.fixed64("the checksum");
        if (found == 0) {
            Log.warning("RDB file was saved with checksum disabled: no check performed.");
        } else if (found != expected) {
            throw new RdbException(
                    began,
                    "checksum " + Long.toHexString(found) + " is there, the bytes before give "
                            + Long.toHexString(expected));
        }
    }

    /**
     * Reads one value, its type before it, as if it were that of a key of this name.
     *
     * @throws RdbException where it is cut short, broken, or of a type that is not known
     */
    void readValue(Slice name) throws RdbException {
        int type = in.unsignedByte("a type");
        Foreign.refuse(type, name, in, 0);
        visitor.begin(kindOf(type, 0), name, -1);
        try {
            value(type);
        } catch (TypeError e) {
            throw new RdbException(0, e.getMessage());
        }
    }

    private void readKey(int type, long began) throws RdbException {
        Type kind = Foreign.isOne(type) ? null : kindOf(type, began);
        in.string(key, "a key's name");
        key.copyOf(key.address(), key.length()); // its value may be long
        Foreign.refuse(type, key, in, began);
        visitor.begin(kind, key, expireAt);
        expireAt = -1;
        try {
            value(type);
        } catch (TypeError e) {
            throw new RdbException(began, "key '" + Foreign.shown(key) + "': " + e.getMessage());
        }
    }

    private void value(int type) throws RdbException {
        switch (type) {
            case RdbFormat.TYPE_STRING -> {
                in.string(first, "a string");
                visitor.element(first);
            }
            case RdbFormat.TYPE_LIST, RdbFormat.TYPE_SET -> {
                for (long left = in.length("a number of elements"); left > 0; left--) {
                    in.string(first, "an element");
                    visitor.element(first);
                }
            }
            case RdbFormat.TYPE_HASH -> {
                for (long left = in.length("a number of fields"); left > 0; left--) {
                    in.string(first, "a field's name");
                    in.string(second, "a field's value");
                    visitor.field(first, second);
                }
            }
            case RdbFormat.TYPE_ZSET, RdbFormat.TYPE_ZSET_2 -> {
                for (long left = in.length("a number of members"); left > 0; left--) {
                    in.string(first, "a member");
                    visitor.member(first, type == RdbFormat.TYPE_ZSET ? textScore() : binaryScore());
                }
            }
            case RdbFormat.TYPE_LIST_QUICKLIST -> packed.quicklist();
            case RdbFormat.TYPE_LIST_QUICKLIST_2 -> packed.quicklist2();
            case RdbFormat.TYPE_SET_INTSET -> packed.intset();
            case RdbFormat.TYPE_LIST_ZIPLIST, RdbFormat.TYPE_SET_LISTPACK -> packed.elements(type);
            case RdbFormat.TYPE_HASH_ZIPMAP, RdbFormat.TYPE_HASH_ZIPLIST, RdbFormat.TYPE_HASH_LISTPACK ->
                packed.fields(type);
            case RdbFormat.TYPE_HASH_EXPIRING, RdbFormat.TYPE_HASH_EXPIRING_PRE_GA ->
                timedHash(type == RdbFormat.TYPE_HASH_EXPIRING);
            case RdbFormat.TYPE_HASH_LISTPACK_EXPIRING -> {
                in.fixed64("the earliest time of a field"); // known again when all are read
                packed.timedFields();
            }
            case RdbFormat.TYPE_HASH_LISTPACK_EXPIRING_PRE_GA -> packed.timedFields();
            case RdbFormat.TYPE_ZSET_ZIPLIST, RdbFormat.TYPE_ZSET_LISTPACK -> packed.members(type);
            default -> streams.read(type);
        }
        visitor.end();
    }

    /** @param relative whether times count from a bound below all of them, 1 for that */
    private void timedHash(boolean relative) throws RdbException {
        long earliest = relative ? in.fixed64("the earliest time of a field") - 1 : 0;
        for (long left = in.length("a number of fields"); left > 0; left--) {
            long began = in.offset();
            long time = in.length("a field's time to live");
            in.string(first, "a field's name");
            in.string(second, "a field's value");
            packed.field(first, second, time == 0 ? 0 : time + earliest, began);
        }
    }

    private static Type kindOf(int type, long began) throws RdbException {
        return switch (type) {
            case RdbFormat.TYPE_STRING -> Type.STRING;
            case RdbFormat.TYPE_LIST,
                    RdbFormat.TYPE_LIST_ZIPLIST,
                    RdbFormat.TYPE_LIST_QUICKLIST,
                    RdbFormat.TYPE_LIST_QUICKLIST_2 -> Type.LIST;
            case RdbFormat.TYPE_SET, RdbFormat.TYPE_SET_INTSET, RdbFormat.TYPE_SET_LISTPACK -> Type.SET;
            case RdbFormat.TYPE_ZSET,
                    RdbFormat.TYPE_ZSET_2,
                    RdbFormat.TYPE_ZSET_ZIPLIST,
                    RdbFormat.TYPE_ZSET_LISTPACK -> Type.ZSET;
            case RdbFormat.TYPE_HASH,
                    RdbFormat.TYPE_HASH_ZIPMAP,
                    RdbFormat.TYPE_HASH_ZIPLIST,
                    RdbFormat.TYPE_HASH_LISTPACK,
                    RdbFormat.TYPE_HASH_EXPIRING_PRE_GA,
                    RdbFormat.TYPE_HASH_LISTPACK_EXPIRING_PRE_GA,
                    RdbFormat.TYPE_HASH_EXPIRING,
                    RdbFormat.TYPE_HASH_LISTPACK_EXPIRING -> Type.HASH;
            case RdbFormat.TYPE_STREAM_LISTPACKS,
                    RdbFormat.TYPE_STREAM_LISTPACKS_2,
                    RdbFormat.TYPE_STREAM_LISTPACKS_3 -> Type.STREAM;
            default -> throw new RdbException(began, "type or opcode " + type + " is unknown");
        };
    }

    private double binaryScore() throws RdbException {
        long began = in.offset();
        double score = Double.longBitsToDouble(in.fixed64("a score"));
        if (Double.isNaN(score)) {
            throw new RdbException(began, "a score is not a number");
        }
        return score;
    }

    private double textScore() throws RdbException {
        long began = in.offset();
        int length = in.unsignedByte("a score");
        return switch (length) {
            case SCORE_NAN -> throw new RdbException(began, "a score is not a number");
            case SCORE_INFINITE -> Double.POSITIVE_INFINITY;
            case SCORE_MINUS_INFINITE -> Double.NEGATIVE_INFINITY;
            default -> {
                in.raw(second, length, "a score");
                yield PackedReader.parseScore(second, began);
            }
        };
    }
}
