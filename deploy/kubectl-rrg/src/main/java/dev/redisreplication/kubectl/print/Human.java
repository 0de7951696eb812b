package dev.redisreplication.kubectl.print;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Figures as people say them. */
public final class Human {
    private Human() {}

    /** How long ago that was: {@code 12s}, {@code 3m5s}, {@code 2h}, {@code 4d}; empty when nobody knows. */
    public static String since(String time, Instant now) {
        if (time == null || time.isEmpty()) {
            return "";
        }
        try {
            return duration(Duration.between(Instant.parse(time), now));
        } catch (DateTimeException e) {
            return "";
        }
    }

    static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        } else if (seconds < 600) {
            return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        } else if (seconds < 3 * 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
    }

    /** Bytes in a unit that leaves few digits: {@code 912}, {@code 1.4 Ki}, {@code 38 Mi}. */
    public static String bytes(long bytes) {
        String[] units = {"", " Ki", " Mi", " Gi", " Ti"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        String number =
                unit > 0 && value < 10 ? String.format(Locale.ROOT, "%.1f", value) : Long.toString((long) value);
        return number + units[unit];
    }
}
