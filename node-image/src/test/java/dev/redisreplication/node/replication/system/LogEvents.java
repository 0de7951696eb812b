package dev.redisreplication.node.replication.system;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** What a server has logged since a moment, without what differs from run to run. */
public final class LogEvents {
    private static final Pattern LINE = Pattern.compile("\\d+:([MSCX]) \\S+ \\S+ \\d+ [\\d:.]+ ([.*#-]) (.*)");
    private static final Pattern SIGNAL = Pattern.compile("\\d+:signal-handler \\(\\d+\\) (.*)");

    /** What one of the two programs does not do, or says of itself: nobody looks for these to follow replication. */
    private static final Pattern LEFT_OUT = Pattern.compile(String.join(
            "|",
            // Redis: of a process that was forked, and of the pipe to it
            "Fork CoW for .*",
            "Diskless rdb transfer, done reading from pipe.*",
            // Redis: an increment has another name until its base is there
            "Successfully renamed the temporary AOF incr file .*",
            // whether the kernel had still taken a connection of a master that was being killed
            "Failed to read response from the server: .*",
            "Master did not respond to command during SYNC handshake.*",
            // Redis: of the machine, when it crashes
            "",
            "\\([0-9a-f]{16}\\) -> .*",
            "Accessing address: .*",
            "Crashed running the instruction at: .*",
            "Bio thread for job type .*",
            "dump of function .*",
            // of the program and its start
            "oO0OoO0OoO0Oo .*",
            "Redis version=.*",
            "Configuration loaded",
            "monotonic clock.*",
            "Running mode=.*",
            "Server initialized",
            "redis-node \\S+ is starting.*"));

    private final ServerProcess server;
    private int from;

    public LogEvents(ServerProcess server) {
        this.server = server;
    }

    /** What is logged from now on. */
    public void begin() {
        from = text().length();
    }

    public void await(String part) {
        Awaitility.await("'" + part + "' in the log of " + server)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> text().substring(from).contains(part));
    }

    /** The lines, each as {@code role level message} with its numbers as #. */
    public List<String> events() {
        return text().substring(from)
                .lines()
                .map(LogEvents::event)
                .filter(e -> !e.isEmpty())
                .toList();
    }

    private String text() {
        try {
            return server.log();
        } catch (IOException e) {
            return "";
        }
    }

    private static String event(String line) {
        Matcher signal = SIGNAL.matcher(line);
        if (signal.matches()) {
            return "signal " + signal.group(1);
        }
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || LEFT_OUT.matcher(parts.group(3)).matches()) {
            return "";
        }
        return parts.group(1) + " " + parts.group(2) + " " + normal(parts.group(3));
    }

    private static String normal(String message) {
        return message.replaceAll("[0-9a-f]{40}", "<id>")
                .replaceAll("(user|failover) request from '.*'", "$1 request from '<client>'")
                // the node says more: which master, and why
                .replaceAll(" \\(master .*\\)$", "")
                .replaceAll("(Connection with replica \\S+ lost\\.) .*", "$1")
                .replaceAll("(Unable to connect to MASTER: ).*", "$1<cause>") // Redis shows what errno happens to be
                .replaceAll("temp-appendonly.aof.incr", "appendonly.aof.1.incr.aof") // Redis renames it later
                .replaceAll("\\d+(\\.\\d+)*", "#");
    }
}
