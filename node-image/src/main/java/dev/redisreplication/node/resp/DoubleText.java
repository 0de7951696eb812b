package dev.redisreplication.node.resp;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Doubles as Redis 7.0 prints them: C's {@code %.17g}, with "inf", "-inf" and "nan". */
public final class DoubleText {
    private static final MathContext SEVENTEEN = new MathContext(17, RoundingMode.HALF_EVEN);

    private static final long[] POWERS = new long[18]; // of ten

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = 10 * POWERS[i - 1];
        }
    }

    private DoubleText() {}

    /** {@code value} with 17 significant digits, trailing zeros cut; whole numbers without a point. */
    public static String of(double value) {
        return of(value, SEVENTEEN);
    }

    /** {@code value} with {@code digits} significant digits at most: {@code %.<digits>g}. */
    public static String of(double value, int digits) {
        return of(value, new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static String of(double value, MathContext digits) {
        int precision = digits.getPrecision();
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        long whole = (long) value;
        if (whole == value && whole < POWERS[precision] && whole > -POWERS[precision]) {
            return Long.toString(whole);
        }
        BigDecimal rounded = new BigDecimal(value).round(digits);
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < precision) {
            return rounded.stripTrailingZeros().toPlainString();
        }
        String shown = rounded.stripTrailingZeros().unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(26);
        if (value < 0) {
            text.append('-');
        }
        text.append(shown.charAt(0));
        if (shown.length() > 1) {
            text.append('.').append(shown, 1, shown.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size < 10) {
            text.append('0');
        }
        return text.append(size).toString();
    }
}
