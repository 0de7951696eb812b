package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;

/**
 * Unsigned lengths up to 2^30-1 in one, two or four bytes; the two low bits of the first byte say which, so that one load
 * decides.
 */
public final class Varint {
    private Varint() {}

    /** How many bytes the value takes. */
    public static int size(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : 4;
    }

    /** How many bytes the varint at the address takes. */
    public static int lengthAt(long address) {
        int first = Memory.getByte(address);
        return (first & 1) == 0 ? 1 : (first & 2) == 0 ? 2 : 4;
    }

    /** The value at the address. */
    public static int get(long address) {
        int first = Memory.getUnsignedByte(address);
        if ((first & 1) == 0) {
            return first >> 1;
        }
        if ((first & 2) == 0) {
            return (Memory.getShort(address) & 0xffff) >> 2;
        }
        return Memory.getInt(address) >>> 2;
    }

    /** Writes a value and returns the address after it. */
    public static long put(long address, int value) {
        if (value < 1 << 7) {
            Memory.putByte(address, value << 1);
            return address + 1;
        }
        if (value < 1 << 14) {
            Memory.putShort(address, value << 2 | 1);
            return address + 2;
        }
        Memory.putInt(address, value << 2 | 3);
        return address + 4;
    }
}
