package dev.redisreplication.node.server;

/** Bytes for people. */
final class Sizes {
    private static final String UNITS = "BKMGT";

    private Sizes() {}

    /** Bytes as Redis prints them for people: 1.50M. */
    static String human(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        if (unit == 0) {
            return bytes + "B";
        }
        long hundredths = Math.round(value * 100);
        return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10 + UNITS.charAt(unit);
    }
}
