package dev.redisreplication.node.sentinel;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A time of the clock on the wall, in the form of C's ctime. */
final class WallTime {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

    private WallTime() {}

    /** The text for so many milliseconds since 1970. */
    static String text(long millis) {
        return FORM.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }
}
