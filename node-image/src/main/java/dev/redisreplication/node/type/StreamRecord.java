package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.store.Varint;

/**
 * One entry of a stream in its block: size (4 bytes), milliseconds (8), sequence (8), number of pairs (varint), then length and
 * bytes of each field and value, and the size again, for walking backwards.
 */
final class StreamRecord {
    private static final int FIELDS = 20;

    private StreamRecord() {}

    static long size(int pairs, long slices) {
        long size = (long) FIELDS + Varint.size(pairs) + 4;
        for (int i = 0; i < 2 * pairs; i++) {
            int length = (int) Memory.getLong(slices + 16L * i + 8);
            size += Varint.size(length) + length;
        }
        if (size > Strings.LONGEST) {
            throw TypeError.STRING_TOO_LONG;
        }
        return size;
    }

    static void write(long at, long milliseconds, long sequence, int pairs, long slices, int size) {
        Memory.putInt(at, size);
        Memory.putLong(at + 4, milliseconds);
        Memory.putLong(at + 12, sequence);
        long to = Varint.put(at + FIELDS, pairs);
        for (int i = 0; i < 2 * pairs; i++) {
            int length = (int) Memory.getLong(slices + 16L * i + 8);
            to = Varint.put(to, length);
            Memory.copy(Memory.getLong(slices + 16L * i), to, length);
            to += length;
        }
        Memory.putInt(to, size);
    }

    static long milliseconds(long at) {
        return Memory.getLong(at + 4);
    }

    static long sequence(long at) {
        return Memory.getLong(at + 12);
    }

    static int compare(long at, long milliseconds, long sequence) {
        int order = Long.compareUnsigned(milliseconds(at), milliseconds);
        return order != 0 ? order : Long.compareUnsigned(sequence(at), sequence);
    }

    static long next(long at) {
        return at + Memory.getInt(at);
    }

    static long previous(long at) {
        return at - Memory.getInt(at - 4);
    }

    static void visit(long at, StreamVisitor visitor) {
        int pairs = Varint.get(at + FIELDS);
        visitor.entry(milliseconds(at), sequence(at), pairs);
        long field = at + FIELDS + Varint.size(pairs);
        for (int i = 0; i < pairs; i++) {
            int fieldLength = Varint.get(field);
            long fieldBytes = field + Varint.size(fieldLength);
            long value = fieldBytes + fieldLength;
            int valueLength = Varint.get(value);
            long valueBytes = value + Varint.size(valueLength);
            visitor.field(fieldBytes, fieldLength, valueBytes, valueLength);
            field = valueBytes + valueLength;
        }
    }
}
