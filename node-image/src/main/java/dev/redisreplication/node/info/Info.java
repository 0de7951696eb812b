package dev.redisreplication.node.info;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The sections of INFO, in Redis' order, whoever contributes them. */
public final class Info {
    private record Entry(String name, boolean byDefault, InfoSection section) {}

    /** The order that Redis 7.0 prints its sections in; others follow behind. */
    private static final List<String> ORDER = List.of(
            "server",
            "clients",
            "memory",
            "persistence",
            "stats",
            "replication",
            "cpu",
            "modules",
            "commandstats",
            "errorstats",
            "latencystats",
            "cluster",
            "keyspace");

    private final List<Entry> entries = new ArrayList<>();

    /**
     * Adds a section, or replaces the one of that name.
     *
     * @param name as in its heading, such as {@code Replication}
     * @param byDefault whether INFO without arguments shows it
     */
    public void section(String name, boolean byDefault, InfoSection section) {
        entries.removeIf(e -> e.name.equals(name));
        int at = 0;
        while (at < entries.size() && rank(entries.get(at).name) <= rank(name)) {
            at++;
        }
        entries.add(at, new Entry(name, byDefault, section));
    }

    private static int rank(String name) {
        int i = ORDER.indexOf(name.toLowerCase(Locale.ROOT));
        return i < 0 ? ORDER.size() : i;
    }

    /** The text for {@code INFO} with the given section names, lower case; none means "default". */
    public String text(Set<String> wanted) {
        boolean all = wanted.contains("all") || wanted.contains("everything");
        boolean defaults = wanted.isEmpty() || wanted.contains("default");
        InfoWriter out = new InfoWriter();
        for (Entry e : entries) {
            boolean modulesOnly = e.name.equals("Modules") && wanted.contains("all") && !wanted.contains("everything");
            if (wanted.contains(e.name.toLowerCase(Locale.ROOT))
                    || (all && !modulesOnly)
                    || (defaults && e.byDefault)) {
                out.heading(e.name);
                e.section.write(out);
            }
        }
        return out.toString();
    }
}
