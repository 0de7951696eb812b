package dev.redisreplication.node.command.string;

import dev.redisreplication.node.memory.Memory;

/**
 * A whole number of some bits within a string, the highest bit first.
 *
 * @param signed whether the highest bit is the sign (two's complement)
 * @param bits 1 to 64, if not signed to 63
 */
record Bitfield(boolean signed, int bits) {

    /** What happens to a sum that does not fit. */
    enum Overflow {
        /** The bits above are dropped. */
        WRAP,
        /** It is the greatest, or the least, number that fits. */
        SAT,
        /** Nothing is written. */
        FAIL
    }

    private long most() {
        return bits == 64 ? Long.MAX_VALUE : (1L << (signed ? bits - 1 : bits)) - 1;
    }

    private long least() {
        return signed ? -most() - 1 : 0;
    }

    /** Whether {@code value + by} is a number of this kind; {@code value} itself may be none, if it is not negative or signed. */
    boolean fits(long value, long by) {
        if (isAbove(value) || isBelow(value)) {
            return false;
        }
        return by > 0 ? by <= most() - value || most() - value < 0 : by >= least() - value || least() - value > 0;
    }

    /** What is stored in place of {@code value + by}, which does not {@linkplain #fits fit}. */
    long bounded(long value, long by, Overflow overflow) {
        if (overflow == Overflow.WRAP) {
            return wrapped(value + by);
        }
        boolean above = isAbove(value) || !isBelow(value) && by > 0;
        return above ? most() : least();
    }

    private boolean isAbove(long value) {
        return signed ? value > most() : Long.compareUnsigned(value, most()) > 0;
    }

    private boolean isBelow(long value) {
        return signed && value < least();
    }

    private long wrapped(long value) {
        int unused = 64 - bits;
        return signed ? value << unused >> unused : value << unused >>> unused;
    }

    /** Reads the number at a bit of a string of {@code length} bytes, behind which there are zeros. */
    long get(long address, int length, long bit) {
        long value = 0;
        long at = bit;
        for (int left = bits; left > 0; ) {
            int inByte = (int) (at & 7);
            int taken = Math.min(left, 8 - inByte);
            long index = at >> 3;
            int octet = index < length ? Memory.getUnsignedByte(address + index) : 0;
            value = value << taken | octet >> (8 - inByte - taken) & (1 << taken) - 1;
            at += taken;
            left -= taken;
        }
        return wrapped(value);
    }

    /** Writes the number's lowest bits at a bit of a string that is long enough. */
    void put(long address, long bit, long value) {
        long at = bit;
        for (int left = bits; left > 0; ) {
            int inByte = (int) (at & 7);
            int taken = Math.min(left, 8 - inByte);
            int shift = 8 - inByte - taken;
            int mask = (1 << taken) - 1 << shift;
            int part = (int) (value >>> left - taken) << shift & mask;
            long index = at >> 3;
            Memory.putByte(address + index, Memory.getUnsignedByte(address + index) & ~mask | part);
            at += taken;
            left -= taken;
        }
    }
}
