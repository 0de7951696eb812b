package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Decimal;

/** Arithmetic on numbers that are kept as text. */
final class Numbers {
    private Numbers() {}

    static long add(long value, long by) {
        long sum = value + by;
        if (((value ^ sum) & (by ^ sum)) < 0) {
            throw TypeError.OVERFLOW;
        }
        return sum;
    }

    static long parse(long address, int length, TypeError otherwise) {
        if (!Decimal.isCanonical(address, length)) {
            throw otherwise;
        }
        return Decimal.parse(address, length);
    }
}
