package dev.redisreplication.node.config;

import java.util.Locale;

/** Sizes as redis.conf writes them: 1k is 1000 bytes, 1kb 1024, and so on with m and g; the case does not matter. */
public final class MemorySize {
    private MemorySize() {}

    /** Bytes, or -1 when it is no size. */
    public static long parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long unit =
                switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
                    case "", "b" -> 1;
                    case "k" -> 1000;
                    case "kb" -> 1 << 10;
                    case "m" -> 1000_000;
                    case "mb" -> 1 << 20;
                    case "g" -> 1000_000_000;
                    case "gb" -> 1 << 30;
                    default -> -1;
                };
        if (unit < 0 || digits == 0) {
            return -1;
        }
        try {
            return Math.multiplyExact(Long.parseLong(text, 0, digits, 10), unit);
        } catch (NumberFormatException | ArithmeticException e) {
            return -1;
        }
    }
}
