package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.Memory;

/**
 * The headers of arrays and bulks that nearly all requests consist of, {@code *2\r\n} or {@code $16\r\n}, recognised by one
 * load each. They are smaller than every limit on what a client may announce.
 */
final class Header {
    /** Bytes of a header with one digit. */
    static final int SIZE = 4;

    private static final int ENDS = '\r' << 16 | '\n' << 24;
    private static final int ALL_BUT_DIGIT = 0xffff_00ff;

    private Header() {}

    /**
     * The number in a header of one digit.
     *
     * @param available bytes that may be read at {@code at}
     * @return 0 to 9, or -1 if something else is there
     */
    static int digit(long at, int available, char type) {
        if (available < SIZE) {
            return -1;
        }
        int word = Memory.getInt(at);
        int digit = (word >>> 8 & 0xff) - '0';
        return (word & ALL_BUT_DIGIT) == (type | ENDS) && digit >= 0 && digit <= 9 ? digit : -1;
    }

    /**
     * The number in a header of two digits.
     *
     * @param available bytes that may be read at {@code at}
     * @return 10 to 99, or -1 if something else is there
     */
    static int twoDigits(long at, int available, char type) {
        if (available <= SIZE) {
            return -1;
        }
        int word = Memory.getInt(at + 1); // the digits and the line's end
        int tens = (word & 0xff) - '0';
        int ones = (word >>> 8 & 0xff) - '0';
        boolean fits = (word & 0xffff_0000) == ENDS && Memory.getByte(at) == type;
        return fits && tens >= 1 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1;
    }
}
