package dev.redisreplication.node.memory;

/** Decimal integers as text in native memory, read strictly: only what Redis itself would store as an integer. */
public final class Decimal {
    /** The most bytes {@link #render} writes. */
    public static final int MAX_LENGTH = 20;

    private Decimal() {}

    /** Writes the digits of a value at the address and returns how many bytes that took. */
    public static int render(long value, long address) {
        int length = length(value);
        long at = address + length;
        // Work on the negative side: it has room for Long.MIN_VALUE.
        long rest = value < 0 ? value : -value;
        do {
            long next = rest / 10;
            Memory.putByte(--at, (int) ('0' - (rest - next * 10)));
            rest = next;
        } while (rest != 0);
        if (value < 0) {
            Memory.putByte(--at, '-');
        }
        return length;
    }

    /** How many bytes {@link #render} writes for the value. */
    public static int length(long value) {
        int sign = value < 0 ? 1 : 0;
        long negative = value < 0 ? value : -value;
        long bound = -10;
        for (int digits = 1; digits < 19; digits++) {
            if (negative > bound) {
                return digits + sign;
            }
            bound *= 10;
        }
        return 19 + sign;
    }

    /**
     * Whether the bytes are a 64-bit integer in its only canonical form: no plus sign, no leading zero, no blank, so
     * that {@link #render} gives the same bytes back. Read it with {@link #parse}.
     */
    public static boolean isCanonical(long address, int length) {
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        int first = Memory.getByte(address);
        int digitsFrom = first == '-' ? 1 : 0;
        int digits = length - digitsFrom;
        if (digits == 0 || digits > 19) {
            return false;
        }
        int lead = Memory.getByte(address + digitsFrom);
        if (lead == '0') {
            return length == 1;
        }
        for (int i = digitsFrom; i < length; i++) {
            int c = Memory.getByte(address + i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        if (digits < 19) {
            return true;
        }
        long negative = negative(address + digitsFrom, digits);
        return negative < 0 && (first == '-' || negative != Long.MIN_VALUE);
    }

    /** The value of bytes for which {@link #isCanonical} holds. */
    public static long parse(long address, int length) {
        if (Memory.getByte(address) == '-') {
            return negative(address + 1, length - 1);
        }
        return -negative(address, length);
    }

    // Nineteen digits reach 9999999999999999999 at most: below MIN_VALUE once, which shows as a positive result.
    private static long negative(long address, int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            value = value * 10 - (Memory.getByte(address + i) - '0');
        }
        return value;
    }
}
