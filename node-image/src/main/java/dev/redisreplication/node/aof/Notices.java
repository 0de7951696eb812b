package dev.redisreplication.node.aof;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Lines for the operator of this node on standard output, in the form of redis-server's. No logging framework: loading
 * one would cost a fifth of the time to start.
 */
public final class Notices {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ENGLISH);
    private static final long PID = ProcessHandle.current().pid();

    private Notices() {}

    /** Something happened that is worth a line. */
    public static void note(String text) {
        print('*', text);
    }

    /** Something is wrong. */
    public static void warn(String text) {
        print('#', text);
    }

    private static void print(char level, String text) {
        System.out.println(
                PID + ":M " + ZonedDateTime.now(ZoneId.systemDefault()).format(TIME) + " " + level + " " + text);
    }
}
