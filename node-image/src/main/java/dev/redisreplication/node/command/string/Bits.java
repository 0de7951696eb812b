package dev.redisreplication.node.command.string;

import dev.redisreplication.node.memory.Memory;

/** Searches in bits of native memory; bit 0 is the highest of the first byte, ranges include both ends. */
final class Bits {
    private Bits() {}

    /** How many bits are set. */
    static long count(long address, long first, long last) {
        long count = 0;
        long bit = first;
        while (bit <= last) {
            if ((bit & 7) == 0 && last - bit >= 63) {
                count += Long.bitCount(Memory.getLong(address + (bit >> 3)));
                bit += 64;
            } else {
                count += isSet(address, bit) ? 1 : 0;
                bit++;
            }
        }
        return count;
    }

    /** The first bit that is {@code set}, or -1. */
    static long find(long address, long first, long last, boolean set) {
        long other = set ? 0 : -1;
        long bit = first;
        while (bit <= last) {
            if ((bit & 7) == 0 && last - bit >= 63 && Memory.getLong(address + (bit >> 3)) == other) {
                bit += 64;
            } else if (isSet(address, bit) == set) {
                return bit;
            } else {
                bit++;
            }
        }
        return -1;
    }

    private static boolean isSet(long address, long bit) {
        return (Memory.getByte(address + (bit >> 3)) & 0x80 >> (bit & 7)) != 0;
    }
}
