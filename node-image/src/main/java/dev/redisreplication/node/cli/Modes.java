package dev.redisreplication.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** The modes that are no single command. */
final class Modes {
    private static final int HEADER_EVERY = 20;

    private Modes() {}

    /** {@code --scan}: the names of keys, one a line. */
    static int scan(Wire wire, Options options, PrintStream out) throws IOException {
        String cursor = "0";
        do {
            Reply reply = wire.call("SCAN", cursor, "MATCH", options.pattern, "COUNT", Integer.toString(options.count));
            if (!(reply instanceof Reply.Many answer)) {
                System.err.println("ERROR: " + reply.text());
                return 1;
            }
            for (Reply key : ((Reply.Many) answer.items().get(1)).items()) {
                out.print((options.format == Format.STANDARD ? Format.quoted(key.text()) : key.text()) + "\n");
            }
            out.flush();
            cursor = answer.items().get(0).text();
            if (options.interval > 0) {
                sleep(options.interval);
            }
        } while (!cursor.equals("0"));
        return 0;
    }

    /** {@code --stat}: a line of figures each second, for ever. */
    static int stat(Wire wire, Options options, PrintStream out) throws IOException {
        long before = 0;
        for (long line = 0; ; line++) {
            Map<String, String> info = info(wire);
            if (line % HEADER_EVERY == 0) {
                out.print("""
                        ------- data ------ --------------------- load -------------------- - child -
                        keys       mem      clients blocked requests            connections         \s
                        """);
            }
            long keys = 0;
            for (Map.Entry<String, String> field : info.entrySet()) {
                if (field.getKey().matches("db\\d+")) {
                    keys += Long.parseLong(field.getValue().replaceAll("^keys=(\\d+).*", "$1"));
                }
            }
            long requests = number(info, "total_commands_processed");
            String load = requests + " (+" + (line == 0 ? 0 : requests - before) + ")";
            before = requests;
            out.print(String.format(
                    Locale.ROOT,
                    "%-11s%-9s%-8s%-8s%-20s%-12s",
                    keys,
                    size(number(info, "used_memory")),
                    number(info, "connected_clients"),
                    number(info, "blocked_clients"),
                    load,
                    number(info, "total_connections_received")));
            boolean saves = number(info, "rdb_bgsave_in_progress") == 1;
            boolean rewrites = number(info, "aof_rewrite_in_progress") == 1;
            out.print((saves ? "SAVE" : rewrites ? "AOF" : "") + "\n");
            out.flush();
            sleep(options.interval > 0 ? options.interval : 1);
        }
    }

    /** {@code --latency}: the least, the most and the mean of a second of PINGs, in milliseconds, and how many there were. */
    static int latency(Wire wire, Options options, PrintStream out) throws IOException {
        long end = System.nanoTime() + (long) ((options.interval > 0 ? options.interval : 1) * 1e9);
        long least = Long.MAX_VALUE;
        long most = 0;
        long sum = 0;
        long samples = 0;
        do {
            long start = System.nanoTime();
            wire.call("PING");
            long millis = (System.nanoTime() - start) / 1_000_000;
            least = Math.min(least, millis);
            most = Math.max(most, millis);
            sum += millis;
            samples++;
            sleep(0.01);
        } while (System.nanoTime() < end);
        String form =
                switch (options.format) {
                    case STANDARD -> "min: %d, max: %d, avg: %.2f (%d samples)\n";
                    case CSV -> "%d,%d,%.2f,%d\n";
                    case JSON -> "{\"min\": %d, \"max\": %d, \"avg\": %.2f, \"count\": %d}\n";
                    case RAW -> "%d %d %.2f %d\n";
                };
        out.print(String.format(Locale.ROOT, form, least, most, (double) sum / samples, samples));
        return 0;
    }

    /** {@code --pipe}: standard input as it is; the replies are counted, and errors shown. */
    static int pipe(Wire wire, InputStream in, PrintStream out) throws IOException {
        String last = UUID.randomUUID().toString();
        Thread writer = new Thread(() -> {
            try {
                byte[] buffer = new byte[64 * 1024];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    wire.write(buffer, n);
                }
                out.print("All data transferred. Waiting for the last reply...\n");
                // Behind a command that was not finished it would be taken for the rest of it.
                wire.write(Wire.latin("\r\n"), 2);
                wire.send(List.of("ECHO", last));
            } catch (IOException e) {
                System.err.println("Error writing to the server: " + e.getMessage());
            }
        });
        writer.setDaemon(true);
        writer.start();
        long errors = 0;
        long replies = 0;
        while (true) {
            Reply reply = wire.read();
            if (reply.text().equals(last)) {
                break;
            }
            replies++;
            if (reply.isError()) {
                errors++;
                System.err.println(reply.text());
            }
        }
        out.print("Last reply received from server.\nerrors: " + errors + ", replies: " + replies + "\n");
        return errors > 0 ? 1 : 0;
    }

    private static Map<String, String> info(Wire wire) throws IOException {
        Reply reply = wire.call("INFO");
        if (reply.isError()) {
            throw new IOException(reply.text());
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : reply.text().split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return fields;
    }

    private static long number(Map<String, String> info, String field) {
        return Long.parseLong(info.getOrDefault(field, "0"));
    }

    private static String size(long bytes) {
        String[] units = {"B", "K", "M", "G", "T"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + "B" : String.format(Locale.ROOT, "%.2f%s", value, units[unit]);
    }

    static void sleep(double seconds) {
        try {
            Thread.sleep((long) (seconds * 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
