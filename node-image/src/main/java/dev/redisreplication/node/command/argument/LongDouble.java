package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.resp.Ascii;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Sums as Redis computes them for INCRBYFLOAT: in the 80-bit format of x86 (64 significant bits), printed with up to 17
 * decimals. A {@link BigDecimal} here is always a number of that format, or one of its infinities.
 */
public final class LongDouble {

    /** Stands for both infinities: no sum with it is allowed. */
    public static final BigDecimal INFINITE = new BigDecimal(BigInteger.ONE, -5000);

    /** Redis reads no longer text as a number; and reading a long one takes its square in time. */
    private static final int MAX_LENGTH = 5 * 1024 - 1;

    private static final int PRECISION = 64;
    private static final int MAX_EXPONENT = 4932;
    private static final int MIN_EXPONENT = -4951;
    private static final int DECIMALS = 17;

    private LongDouble() {}

    /** The number that the bytes say, or null if they say none: what C's {@code strtold} takes as a whole. */
    public static BigDecimal parse(long address, int length) {
        if (length > MAX_LENGTH) {
            return null;
        }
        String text = Ascii.string(address, length).toLowerCase(Locale.ROOT);
        String unsigned = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        if (unsigned.equals("inf") || unsigned.equals("infinity")) {
            return INFINITE;
        }
        try {
            BigDecimal exact = unsigned.startsWith("0x") ? hexadecimal(text) : new BigDecimal(text);
            long magnitude = (long) exact.precision() - exact.scale();
            if (exact.signum() != 0 && (magnitude > MAX_EXPONENT + 1 || magnitude < MIN_EXPONENT)) {
                return null;
            }
            return round(exact);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static BigDecimal hexadecimal(String text) {
        return new BigDecimal(Double.parseDouble(text.contains("p") ? text : text + "p0"));
    }

    /** The sum, rounded; {@link #INFINITE} if one of them is. */
    public static BigDecimal add(BigDecimal a, BigDecimal b) {
        boolean finite = a.compareTo(INFINITE) != 0 && b.compareTo(INFINITE) != 0;
        return finite ? round(a.add(b)) : INFINITE;
    }

    /** As INCRBYFLOAT stores it: without an exponent, without zeros at the end. */
    public static String print(BigDecimal value) {
        return value.setScale(DECIMALS, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** The nearest number with 64 significant bits; the even one of two. */
    private static BigDecimal round(BigDecimal exact) {
        if (exact.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigInteger numerator = exact.unscaledValue().abs();
        BigInteger denominator = BigInteger.ONE;
        if (exact.scale() > 0) {
            denominator = BigInteger.TEN.pow(exact.scale());
        } else {
            numerator = numerator.multiply(BigInteger.TEN.pow(-exact.scale()));
        }
        int exponent = numerator.bitLength() - denominator.bitLength() - PRECISION;
        BigInteger[] parts = divide(numerator, denominator, exponent);
        if (parts[0].bitLength() > PRECISION) {
            parts = divide(numerator, denominator, ++exponent);
        }
        BigInteger scaled = exponent > 0 ? denominator.shiftLeft(exponent) : denominator;
        int half = parts[1].shiftLeft(1).compareTo(scaled);
        boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
        BigInteger significand = up ? parts[0].add(BigInteger.ONE) : parts[0];
        BigDecimal rounded = exponent >= 0
                ? new BigDecimal(significand.shiftLeft(exponent))
                : new BigDecimal(significand).divide(new BigDecimal(BigInteger.ONE.shiftLeft(-exponent)));
        return exact.signum() < 0 ? rounded.negate() : rounded;
    }

    /** Quotient and remainder of numerator / (denominator × 2^exponent). */
    private static BigInteger[] divide(BigInteger numerator, BigInteger denominator, int exponent) {
        return exponent >= 0
                ? numerator.divideAndRemainder(denominator.shiftLeft(exponent))
                : numerator.shiftLeft(-exponent).divideAndRemainder(denominator);
    }
}
