package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;

/** The registers of a HyperLogLog in six bits each, from the lowest of the first byte on. */
public final class DenseRegisters {
    private DenseRegisters() {}

    /** A register of the dense form. */
    public static int get(long address, int register) {
        int bit = register * 6;
        long at = address + LogHeader.HEADER + (bit >> 3);
        // The last register ends with the last byte: what is read behind it would not be ours.
        int high = (bit & 7) > 2 ? Memory.getUnsignedByte(at + 1) : 0;
        return (Memory.getUnsignedByte(at) | high << 8) >> (bit & 7) & 63;
    }

    /** Raises a register of the dense form; whether it was lower. */
    public static boolean raise(long address, int register, int value) {
        if (get(address, register) >= value) {
            return false;
        }
        put(address, register, value);
        return true;
    }

    static void put(long address, int register, int value) {
        int bit = register * 6;
        int shift = bit & 7;
        long at = address + LogHeader.HEADER + (bit >> 3);
        int low = Memory.getUnsignedByte(at) & ~(63 << shift) | value << shift;
        Memory.putByte(at, low);
        if (shift > 2) {
            int high = Memory.getUnsignedByte(at + 1) & ~(63 >> 8 - shift) | value >> 8 - shift;
            Memory.putByte(at + 1, high);
        }
    }
}
