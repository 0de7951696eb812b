package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;

/**
 * The form in which Redis keeps a HyperLogLog in a string: a header of 16 bytes ("HYLL", the encoding, three unused, and the last
 * count, whose highest bit says that it is out of date), then 2^14 registers, {@linkplain SparseRegisters sparse} or
 * {@linkplain DenseRegisters dense}.
 */
public final class LogHeader {
    /** How many registers there are. */
    public static final int REGISTERS = 1 << 14;

    /** Bytes in front of the registers. */
    public static final int HEADER = 16;

    /** Bytes of the dense form, with the header. */
    public static final int DENSE_SIZE = HEADER + REGISTERS * 6 / 8;

    static final int DENSE = 0;
    static final int SPARSE = 1;

    private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;
    private static final int ENCODING = 4;
    private static final int COUNT = 8;

    private LogHeader() {}

    /** Whether these bytes begin as a HyperLogLog does, and are as long. */
    public static boolean isOne(long address, int length) {
        if (length < HEADER || Memory.getInt(address) != MAGIC) {
            return false;
        }
        int encoding = Memory.getUnsignedByte(address + ENCODING);
        return encoding == SPARSE || encoding == DENSE && length == DENSE_SIZE;
    }

    /** Whether it is in the sparse form. */
    public static boolean isSparse(long address) {
        return Memory.getUnsignedByte(address + ENCODING) == SPARSE;
    }

    static void header(long address, int encoding) {
        Memory.zero(address, HEADER);
        Memory.putInt(address, MAGIC);
        Memory.putByte(address + ENCODING, encoding);
    }

    /** The count that was noted, or -1 if the registers have changed since. */
    public static long noted(long address) {
        long count = Memory.getLong(address + COUNT);
        return count < 0 ? -1 : count;
    }

    /** Notes the count. */
    public static void note(long address, long count) {
        Memory.putLong(address + COUNT, count);
    }

    /** Says that the count which is noted is out of date. */
    public static void outdate(long address) {
        Memory.putByte(address + COUNT + 7, Memory.getUnsignedByte(address + COUNT + 7) | 0x80);
    }
}
