package dev.redisreplication.sandbox.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.demo.MemberInfo.Row;
import dev.redisreplication.sandbox.json.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Shows a group as it lives. On a terminal, a table that is drawn over itself; elsewhere, a line whenever something but
 * offsets changes.
 */
final class LiveTable implements AutoCloseable {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final long PERIOD_MILLIS = 150;

    /** How long the first table waits for them: nobody shall look dead who has not been asked. */
    private static final Duration FIRST_ANSWERS = Duration.ofSeconds(1);

    private final Group group;
    private final MemberInfo members;
    private final Writer writer;
    private final PrintStream out;
    private final boolean terminal;
    private final Thread thread;
    private volatile boolean closed;
    private int drawn;
    private String said = "";

    LiveTable(Group group, Writer writer, PrintStream out, boolean terminal) {
        this.group = group;
        this.writer = writer;
        this.out = out;
        this.terminal = terminal;
        members = new MemberInfo(group, group.password());
        thread = Thread.ofVirtual().name("live-table").start(this::run);
    }

    private void run() {
        Group.await(FIRST_ANSWERS, members::answered);
        try {
            while (!closed) {
                show();
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            // Told to end.
        }
    }

    private synchronized void show() {
        ObjectNode status = Json.child(group.resource().deepCopy(), "status");
        List<Row> rows = members.rows();
        if (terminal) {
            draw(status, rows);
        } else {
            say(status, rows);
        }
    }

    /** Prints a line of its own above the table. */
    synchronized void note(String text) {
        erase();
        out.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + "  " + text);
        out.flush();
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }

    private void draw(ObjectNode status, List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  " + group.name() + "   " + phase(Json.text(status, "phase")) + "   term "
                + Json.text(status, "term") + "   acknowledged writes "
                + writer.ledger().count()
                + (writer.trouble().isEmpty() ? "" : "   \u001b[31mwrites fail\u001b[0m"));
        lines.add(String.format("  \u001b[2m%-14s %-9s %12s %8s  %s\u001b[0m", "POD", "ROLE", "OFFSET", "LAG", "LINK"));
        for (Row row : rows) {
            String role = row.role().isEmpty() ? "-" : row.role();
            lines.add(String.format(
                    "  %-14s %s%-9s\u001b[0m %12s %8s  %s",
                    row.pod(),
                    role.equals("master") ? "\u001b[1;32m" : row.role().isEmpty() ? "\u001b[31m" : "",
                    role,
                    number(row.offset()),
                    number(row.lag()),
                    row.link()));
        }
        lines.add("");
        erase();
        lines.forEach(out::println);
        out.flush();
        drawn = lines.size();
    }

    private static String phase(String phase) {
        String colour =
                switch (phase) {
                    case "Ready" -> "\u001b[32m";
                    case "FailingOver" -> "\u001b[31m";
                    default -> "\u001b[33m";
                };
        return colour + phase + "\u001b[0m";
    }

    private void say(ObjectNode status, List<Row> rows) {
        StringBuilder lasting = new StringBuilder(Json.text(status, "phase"));
        lasting.append(" term ").append(Json.text(status, "term"));
        StringBuilder line = new StringBuilder(lasting);
        for (Row row : rows) {
            String role = row.role().isEmpty() ? "no answer" : row.role();
            String place = " | " + row.pod() + " " + role;
            lasting.append(place).append(row.link());
            line.append(place);
            if (row.offset() >= 0) {
                line.append(" offset ").append(row.offset());
            }
            if (row.lag() >= 0) {
                line.append(" lag ").append(row.lag());
            }
            if (!row.link().isEmpty()) {
                line.append(" link ").append(row.link());
            }
        }
        if (!lasting.toString().equals(said)) {
            said = lasting.toString();
            out.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + "  " + line);
            out.flush();
        }
    }

    private static String number(long value) {
        return value < 0 ? "" : Long.toString(value);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        members.close();
    }
}
