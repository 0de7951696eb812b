package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import java.util.Locale;

/** Floating point arguments as C's strtod takes them, within what Redis lets pass. */
final class Doubles {
    private Doubles() {}

    static double parse(long address, int length, CommandError otherwise) {
        if (length == 0 || length > 255) {
            throw otherwise;
        }
        String text = Ascii.string(address, length);
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
        char last = lower.charAt(length == text.length() ? length - 1 : 0);
        // Java takes blanks around it, and a type's letter behind it: 1f, 1d
        boolean hex = lower.contains("0x");
        if (Character.isWhitespace(text.charAt(0))
                || Character.isWhitespace(last)
                || (!hex && (last == 'f' || last == 'd'))
                || lower.contains("n")) {
            throw otherwise;
        }
        try {
            return Double.parseDouble(hex && !lower.contains("p") ? text + "p0" : text);
        } catch (NumberFormatException e) {
            throw otherwise;
        }
    }
}
