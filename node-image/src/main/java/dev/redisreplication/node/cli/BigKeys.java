package dev.redisreplication.node.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code --bigkeys}: the largest key of each type, by a walk over all keys. */
final class BigKeys {
    private static final class Figures {
        final String sizeCommand;
        final String unit;
        long keys;
        long size;
        long largest = -1;
        String name = "";

        Figures(String sizeCommand, String unit) {
            this.sizeCommand = sizeCommand;
            this.unit = unit;
        }
    }

    private final Map<String, Figures> types = new LinkedHashMap<>();
    private final PrintStream out;
    private long sampled;
    private long nameLengths;

    private BigKeys(PrintStream out) {
        this.out = out;
        types.put("list", new Figures("LLEN", "items"));
        types.put("hash", new Figures("HLEN", "fields"));
        types.put("string", new Figures("STRLEN", "bytes"));
        types.put("stream", new Figures("XLEN", "entries"));
        types.put("set", new Figures("SCARD", "members"));
        types.put("zset", new Figures("ZCARD", "members"));
    }

    static int run(Wire wire, Options options, PrintStream out) throws IOException {
        BigKeys self = new BigKeys(out);
        out.print("""

                # Scanning the entire keyspace to find biggest keys as well as
                # average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec
                # per 100 SCAN commands (not usually needed).

                """);
        long total = Long.parseLong(wire.call("DBSIZE").text());
        String cursor = "0";
        long scans = 0;
        do {
            Reply reply = wire.call("SCAN", cursor);
            if (!(reply instanceof Reply.Many answer)) {
                System.err.println("SCAN error: " + reply.text());
                return 1;
            }
            cursor = answer.items().get(0).text();
            double percent = total == 0 ? 0 : Math.min(100, 100.0 * self.sampled / total);
            for (Reply key : ((Reply.Many) answer.items().get(1)).items()) {
                self.key(wire, key.text(), percent);
            }
            if (options.interval > 0 && ++scans % 100 == 0) {
                Modes.sleep(options.interval);
            }
        } while (!cursor.equals("0"));
        self.summary();
        return 0;
    }

    private void key(Wire wire, String name, double percent) throws IOException {
        String type = wire.call("TYPE", name).text();
        Figures figures = types.get(type);
        sampled++;
        nameLengths += name.length();
        if (figures == null) {
            return; // gone meanwhile
        }
        Reply reply = wire.call(figures.sizeCommand, name);
        long size = reply.isError() ? 0 : Long.parseLong(reply.text());
        figures.keys++;
        figures.size += size;
        if (size > figures.largest) {
            figures.largest = size;
            figures.name = name;
            out.print(String.format(
                    Locale.ROOT,
                    "[%05.2f%%] Biggest %-6s found so far '%s' with %d %s\n",
                    percent,
                    type,
                    Format.quoted(name),
                    size,
                    figures.unit));
        }
    }

    private void summary() {
        out.print("\n-------- summary -------\n\nSampled " + sampled + " keys in the keyspace!\n");
        out.print(String.format(
                Locale.ROOT,
                "Total key length in bytes is %d (avg len %.2f)\n\n",
                nameLengths,
                sampled == 0 ? 0.0 : (double) nameLengths / sampled));
        List<String> lines = new ArrayList<>();
        types.forEach((type, f) -> {
            if (f.largest > 0) {
                out.print(String.format(
                        Locale.ROOT,
                        "Biggest %6s found '%s' has %d %s\n",
                        type,
                        Format.quoted(f.name),
                        f.largest,
                        f.unit));
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "%d %ss with %d %s (%05.2f%% of keys, avg size %.2f)\n",
                    f.keys,
                    type,
                    f.size,
                    f.unit,
                    sampled == 0 ? 0.0 : 100.0 * f.keys / sampled,
                    f.keys == 0 ? 0.0 : (double) f.size / f.keys));
        });
        out.print("\n");
        lines.forEach(out::print);
    }
}
