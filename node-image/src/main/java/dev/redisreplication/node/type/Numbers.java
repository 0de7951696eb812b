package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Arithmetic on numbers that are kept as text. */
final class Numbers {
    // Redis prints a long double with so many decimals (LD_STR_HUMAN) and cuts trailing zeros off.
    private static final int DECIMALS = 17;
    private static final int LONGEST = 256;
    private static final int LARGEST_EXPONENT = 4932;

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

    /** The sum as Redis prints it. */
    static byte[] addFloat(long address, int length, BigDecimal by, TypeError otherwise) {
        BigDecimal value = length == 0 ? BigDecimal.ZERO : parseFloat(address, length, otherwise);
        return text(value.add(bounded(by, TypeError.NAN_OR_INFINITY)));
    }

    static byte[] text(BigDecimal value) {
        BigDecimal rounded = value.setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return rounded.toPlainString().getBytes(StandardCharsets.US_ASCII);
    }

    private static BigDecimal parseFloat(long address, int length, TypeError otherwise) {
        if (length > LONGEST) {
            throw otherwise;
        }
        try {
            String text = new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
            return bounded(new BigDecimal(text), otherwise);
        } catch (NumberFormatException e) {
            throw otherwise;
        }
    }

    // Without a bound a short text like 1e999999999 would fill the memory with digits.
    private static BigDecimal bounded(BigDecimal value, TypeError otherwise) {
        if (Math.abs((long) value.precision() - value.scale()) > LARGEST_EXPONENT || value.scale() > LARGEST_EXPONENT) {
            throw otherwise;
        }
        return value;
    }
}
