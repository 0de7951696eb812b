package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;

/** Reads keys that Redis stored as one packed blob (listpack, ziplist, intset) or as a list of such blobs. */
final class PackedReader {
    private static final int INTSET_HEADER = 8;

    private final RdbInput in;
    private final RdbVisitor visitor;
    private final ListpackCursor listpack = new ListpackCursor();
    private final ZiplistCursor ziplist = new ZiplistCursor();
    private final ZipmapCursor zipmap = new ZipmapCursor();
    private final Slice blob = new Slice();
    private final Slice first = new Slice();
    private final Slice second = new Slice();

    PackedReader(RdbInput in, RdbVisitor visitor) {
        this.in = in;
        this.visitor = visitor;
    }

    private PackedCursor open(PackedCursor cursor) throws RdbException {
        long began = in.offset();
        in.string(blob, "a packed value");
        cursor.open(blob.address(), blob.length(), began);
        return cursor;
    }

    private PackedCursor cursorOf(int type) {
        return switch (type) {
            case RdbFormat.TYPE_LIST_ZIPLIST, RdbFormat.TYPE_ZSET_ZIPLIST, RdbFormat.TYPE_HASH_ZIPLIST -> ziplist;
            case RdbFormat.TYPE_HASH_ZIPMAP -> zipmap;
            default -> listpack;
        };
    }

    /** A list of ziplists, Redis 3.2 to 6.2. */
    void quicklist() throws RdbException {
        for (long left = in.length("a number of list nodes"); left > 0; left--) {
            elements(ziplist);
        }
    }

    /** A list of listpacks and of single large elements, Redis 7. */
    void quicklist2() throws RdbException {
        for (long left = in.length("a number of list nodes"); left > 0; left--) {
            long began = in.offset();
            long container = in.length("a list node's kind");
            if (container == RdbFormat.NODE_PLAIN) {
                in.string(first, "a plain list element");
                visitor.element(first);
            } else if (container == RdbFormat.NODE_PACKED) {
                elements(listpack);
            } else {
                throw new RdbException(began, "a list node's kind is 1 or 2, found " + container);
            }
        }
    }

    void elements(int type) throws RdbException {
        elements(cursorOf(type));
    }

    private void elements(PackedCursor cursor) throws RdbException {
        open(cursor);
        while (cursor.next()) {
            cursor.into(first);
            visitor.element(first);
        }
    }

    void fields(int type) throws RdbException {
        PackedCursor cursor = open(cursorOf(type));
        while (cursor.next()) {
            cursor.into(first);
            cursor.require(second);
            visitor.field(first, second);
        }
    }

    /** Triples of a field, its value and its time, 0 for none. */
    void timedFields() throws RdbException {
        PackedCursor cursor = open(listpack);
        while (cursor.next()) {
            cursor.into(first);
            cursor.require(second);
            long began = in.offset();
            field(first, second, cursor.requireInteger(), began);
        }
    }

    /** Hands on a field with its time, 0 for none. */
    void field(Slice name, Slice value, long expiresAt, long began) throws RdbException {
        if (expiresAt == 0) {
            visitor.field(name, value);
        } else if (expiresAt > 0 && expiresAt <= RdbFormat.LATEST_FIELD_TIME) {
            visitor.field(name, value, expiresAt);
        } else {
            throw new RdbException(began, "a field expires at " + expiresAt + ", which is no time");
        }
    }

    void members(int type) throws RdbException {
        long began = in.offset();
        PackedCursor cursor = open(cursorOf(type));
        while (cursor.next()) {
            cursor.into(first);
            cursor.require(second);
            double score = parseScore(second, began);
            if (Double.isNaN(score)) {
                throw new RdbException(began, "a score is not a number");
            }
            visitor.member(first, score);
        }
    }

    /** A score as Redis prints it with {@code %.17g}, "inf" and "-inf" included. */
    static double parseScore(Slice text, long began) throws RdbException {
        String score = text.toString();
        try {
            return switch (score) {
                case "inf", "+inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(score);
            };
        } catch (NumberFormatException e) {
            throw new RdbException(began, "a score was expected, found '" + score + "'");
        }
    }

    /** A sorted array of integers of 2, 4 or 8 bytes. */
    void intset() throws RdbException {
        long began = in.offset();
        in.string(blob, "an intset");
        long width = blob.length() < INTSET_HEADER ? 0 : Memory.getInt(blob.address());
        long count = blob.length() < INTSET_HEADER ? 0 : Memory.getInt(blob.address() + 4) & 0xFFFFFFFFL;
        if ((width != 2 && width != 4 && width != 8) || blob.length() != INTSET_HEADER + width * count) {
            throw new RdbException(
                    began, "intset of " + blob.length() + " bytes says width " + width + " and length " + count);
        }
        long at = blob.address() + INTSET_HEADER;
        for (long i = 0; i < count; i++, at += width) {
            long value = width == 2 ? Memory.getShort(at) : width == 4 ? Memory.getInt(at) : Memory.getLong(at);
            first.decimal(value);
            visitor.element(first);
        }
    }
}
