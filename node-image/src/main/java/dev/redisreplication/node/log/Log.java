package dev.redisreplication.node.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The log, in the form of redis-server's: {@code pid:role date time level message}. To standard output or to logfile.
 * No line is repeated without a limit, see {@link LogLimit}. For any thread.
 */
public final class Log {
    /** How much a line matters: Redis' levels, with their marks. */
    public enum Level {
        DEBUG('.'),
        VERBOSE('-'),
        NOTICE('*'),
        WARNING('#');

        private final char mark;

        Level(char mark) {
            this.mark = mark;
        }
    }

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private static final LogLimit LIMIT = new LogLimit();

    private static volatile Level least = Level.NOTICE;
    private static volatile PrintStream out = System.out;
    private static volatile char role = 'C';

    private Log() {}

    /** Opens the log by the directives logfile ("" is standard output) and loglevel. */
    public static void open(String file, String level) throws IOException {
        level(level);
        if (!file.isEmpty()) {
            out = new PrintStream(new FileOutputStream(file, true), true, StandardCharsets.UTF_8);
        }
    }

    /** Sets which lines are written from now on, by the directive loglevel. */
    public static void level(String name) {
        for (Level l : Level.values()) {
            if (l.name().equalsIgnoreCase(name)) {
                least = l;
            }
        }
    }

    /** Sets the letter behind the process id: M master, S replica, X Sentinel; C while the node has not begun yet. */
    public static void role(char letter) {
        role = letter;
    }

    /** Writes a line of which each counts, however many come: the events of a Sentinel. */
    public static void event(Level level, String message) {
        if (level.compareTo(least) >= 0) {
            write(head(role), level, message);
        }
    }

    /** Something that an operator of the node wants to know. */
    public static void notice(String message) {
        line(Level.NOTICE, message);
    }

    /** Something that should not be so. */
    public static void warning(String message) {
        line(Level.WARNING, message);
    }

    /** Says something that hardly anybody wants to know. */
    public static void debug(String message) {
        line(Level.DEBUG, message);
    }

    /** A notice of a thread that does what a child process does in Redis, such as saving; it has the letter C. */
    public static void child(String message) {
        if (taken(Level.NOTICE, message)) {
            write(head('C'), Level.NOTICE, message);
        }
    }

    /** What a signal has asked for, in the form that Redis' signal handler writes; at any level. */
    public static void signal(String message) {
        out.println(ProcessHandle.current().pid() + ":signal-handler ("
                + Instant.now().getEpochSecond() + ") " + message);
    }

    /** A text of many lines, as it is, at any level. */
    public static void report(String text) {
        out.println(text);
    }

    /** For the curious. */
    public static void verbose(String message) {
        line(Level.VERBOSE, message);
    }

    /** An exception that nobody expected, with its trace. */
    public static void fault(Throwable cause) {
        StringBuilder text = new StringBuilder("unexpected ").append(cause);
        for (StackTraceElement e : cause.getStackTrace()) {
            text.append("\n    at ").append(e);
        }
        line(Level.WARNING, text.toString());
    }

    private static void line(Level level, String message) {
        if (taken(level, message)) {
            write(head(role), level, message);
        }
    }

    private static boolean taken(Level level, String message) {
        if (level.compareTo(least) < 0) {
            return false;
        }
        List<String> over = new ArrayList<>(0);
        boolean taken;
        synchronized (LIMIT) {
            taken = LIMIT.takes(message, System.nanoTime() / 1_000_000, over::add);
        }
        over.forEach(summary -> write(head(role), Level.WARNING, summary));
        return taken;
    }

    private static StringBuilder head(char letter) {
        return new StringBuilder(160)
                .append(ProcessHandle.current().pid())
                .append(':')
                .append(letter)
                .append(' ');
    }

    private static void write(StringBuilder line, Level level, String message) {
        ZonedDateTime t = Instant.now().atZone(ZoneId.systemDefault());
        two(line, t.getDayOfMonth());
        line.append(' ')
                .append(MONTHS[t.getMonthValue() - 1])
                .append(' ')
                .append(t.getYear())
                .append(' ');
        two(line, t.getHour());
        line.append(':');
        two(line, t.getMinute());
        line.append(':');
        two(line, t.getSecond());
        line.append('.');
        int millis = t.getNano() / 1_000_000;
        line.append(millis / 100).append(millis / 10 % 10).append(millis % 10);
        line.append(' ').append(level.mark).append(' ').append(message);
        out.println(line);
    }

    private static void two(StringBuilder line, int n) {
        line.append(n / 10).append(n % 10);
    }
}
