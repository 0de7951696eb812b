package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.resp.Ascii;
import java.util.Locale;

/** Floating point numbers as C's {@code strtod} reads them. */
public final class Doubles {
    /** Whole numbers of fewer digits are exact in a double. */
    private static final int EXACT_DIGITS = 15;

    /** A longer text is no number that somebody meant; it is not copied to the heap. */
    private static final int MAX_LENGTH = 1 << 16;

    private Doubles() {}

    /** The number that all the bytes say together, or NaN where they say none, or one that no double comes near to. */
    public static double strict(long address, int length) {
        if (length <= EXACT_DIGITS && Decimal.isCanonical(address, length)) {
            return Decimal.parse(address, length);
        }
        if (length > MAX_LENGTH) {
            return Double.NaN;
        }
        String text = Ascii.string(address, length);
        double value = length == 0 || isSpace(text.charAt(0)) ? Double.NaN : read(text);
        return isLost(value, text) ? Double.NaN : value;
    }

    /** Whether no double comes near to what the text says. */
    private static boolean isLost(double value, String text) {
        return Double.isInfinite(value) && !text.toLowerCase(Locale.ROOT).contains("inf")
                || value == 0 && text.chars().anyMatch(c -> c >= '1' && c <= '9') && !isZero(text);
    }

    /**
     * The same with C's own tolerance: the text ends at a NUL, nothing at all is 0, blanks may lead, what is too large is
     * infinite.
     */
    public static double tolerant(long address, int length) {
        return length > MAX_LENGTH ? Double.NaN : tolerant(Ascii.string(address, length));
    }

    /** As {@link #tolerant}, but NaN where no double comes near to it. */
    public static double tolerantWithin(long address, int length) {
        double value = tolerant(address, length);
        return (Double.isInfinite(value) || value == 0) && isLost(value, Ascii.string(address, length))
                ? Double.NaN
                : value;
    }

    private static double tolerant(String whole) {
        int end = whole.indexOf('\0');
        String text = end < 0 ? whole : whole.substring(0, end);
        int from = 0;
        while (from < text.length() && isSpace(text.charAt(from))) {
            from++;
        }
        return text.isEmpty() ? 0 : read(text.substring(from));
    }

    private static double read(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        switch (lower) {
            case "inf", "+inf", "infinity", "+infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {}
        }
        boolean hexadecimal = lower.contains("0x");
        String letters = hexadecimal ? "0123456789abcdef.xp+-" : "0123456789.e+-";
        if (lower.chars().anyMatch(c -> letters.indexOf(c) < 0)) {
            return Double.NaN; // Java knows more forms: 1f, 1d, blanks behind
        }
        try {
            return Double.parseDouble(hexadecimal && !lower.contains("p") ? lower + "p0" : lower);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Whether the digits before the exponent are all zero. */
    private static boolean isZero(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean hexadecimal = lower.contains("0x");
        int end = lower.indexOf(hexadecimal ? 'p' : 'e');
        String digits = end < 0 ? lower : lower.substring(0, end);
        return digits.chars().noneMatch(c -> c >= '1' && c <= '9' || hexadecimal && c >= 'a' && c <= 'f');
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
