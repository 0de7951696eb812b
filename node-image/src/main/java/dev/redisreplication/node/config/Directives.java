package dev.redisreplication.node.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of directives, from the resource {@code directives.tsv}. */
final class Directives {
    /** By every name, aliases too. */
    static final Map<String, Directive> BY_NAME = load();

    private Directives() {}

    private static Map<String, Directive> load() {
        Map<String, Directive> all = new LinkedHashMap<>(512);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Directives.class.getResourceAsStream("directives.tsv"), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith("#")) {
                    add(all, line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static void add(Map<String, Directive> all, String line) {
        String[] columns = line.split("\t", -1);
        List<String> aliases = new ArrayList<>();
        boolean fixed = false;
        boolean inert = false;
        List<String> idle = new ArrayList<>();
        if (columns.length > 3) {
            for (String flag : columns[3].split(",", -1)) {
                fixed |= flag.equals("fixed");
                inert |= flag.equals("inert");
                if (flag.startsWith("alias=")) {
                    aliases.add(flag.substring("alias=".length()));
                } else if (flag.startsWith("idle=")) {
                    idle.add(flag.substring("idle=".length()));
                }
            }
        }
        String initial = columns.length > 2 ? columns[2] : "";
        String refusal = columns.length > 4 ? columns[4] : null;
        Directive d = new Directive(columns[0], columns[1], initial, fixed, inert, aliases, idle, refusal);
        all.put(d.name(), d);
        for (String alias : aliases) {
            all.put(alias, d);
        }
    }
}
