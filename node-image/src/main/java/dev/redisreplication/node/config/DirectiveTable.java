package dev.redisreplication.node.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All directives: those that {@link Directives} declares, and those of the resource {@code directives.tsv}. */
final class DirectiveTable {
    private final List<Directive<?>> all = new ArrayList<>(256);
    private final Map<String, Directive<?>> byName = new HashMap<>(512);
    private final Map<String, String> lines = new HashMap<>();

    List<Directive<?>> all() {
        return Collections.unmodifiableList(all);
    }

    /** By every name, older ones too. */
    Map<String, Directive<?>> byName() {
        return Collections.unmodifiableMap(byName);
    }

    /** Lines of redis.conf that set no value, with the reason why they are refused; "" for one that is read and forgotten. */
    Map<String, String> lines() {
        return Collections.unmodifiableMap(lines);
    }

    <T> Builder<T> builder(String name, Kind<T> kind, String initial) {
        return new Builder<>(name, kind, initial);
    }

    /** A directive that is being declared; it is in the table when it is said who can set it. */
    final class Builder<T> {
        private final String name;
        private final Kind<T> kind;
        private final String initial;
        private final List<String> aliases = new ArrayList<>(1);
        private final List<String> idle = new ArrayList<>(0);
        private boolean inert;
        private String refusal;

        private Builder(String name, Kind<T> kind, String initial) {
            this.name = name;
            this.kind = kind;
            this.initial = initial;
        }

        /** An older name. */
        Builder<T> alias(String older) {
            aliases.add(older);
            return this;
        }

        /** CONFIG SET can set it. */
        Directive<T> live() {
            return add(Directive.Change.LIVE);
        }

        /** Only the start can set it. */
        Directive<T> start() {
            return add(Directive.Change.START);
        }

        /** As {@link #start}; Redis keeps it from clients (enable-protected-configs) rather than from every change. */
        Directive<T> guarded() {
            return add(Directive.Change.GUARDED);
        }

        private Directive<T> add(Directive.Change change) {
            Directive<T> d =
                    new Directive<>(all.size(), name, kind, initial, change, inert, List.copyOf(idle), refusal);
            all.add(d);
            place(name, d);
            aliases.forEach(alias -> place(alias, d));
            return d;
        }
    }

    private void place(String name, Directive<?> d) {
        if (byName.put(name, d) != null) {
            throw new IllegalStateException("two directives are called " + name);
        }
    }

    /** Adds those that nobody reads. */
    void readUnread() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                DirectiveTable.class.getResourceAsStream("directives.tsv"), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith("#")) {
                    add(line.split("\t", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String... columns) {
        if (columns[1].equals("line")) {
            lines.put(columns[0], columns.length > 4 ? columns[4] : "");
            return;
        }
        Builder<?> b = builder(columns[0], kind(columns[0], columns[1]), columns.length > 2 ? columns[2] : "");
        b.refusal = columns.length > 4 ? columns[4] : null;
        boolean fixed = false;
        for (String flag : columns.length > 3 ? columns[3].split(",", -1) : new String[0]) {
            fixed |= flag.equals("fixed");
            b.inert |= flag.equals("inert");
            if (flag.startsWith("alias=")) {
                b.alias(flag.substring("alias=".length()));
            } else if (flag.startsWith("idle=")) {
                b.idle.add(flag.substring("idle=".length()));
            }
        }
        b.add(fixed ? Directive.Change.START : Directive.Change.LIVE);
    }

    private static Kind<?> kind(String name, String kind) {
        if (kind.startsWith("one-of:")) {
            return Kinds.oneOf(kind.substring("one-of:".length()).split("\\|", -1));
        }
        if (kind.startsWith("number:")) {
            int dots = kind.indexOf("..");
            return Kinds.number(
                    Long.parseLong(kind, "number:".length(), dots, 10),
                    Long.parseLong(kind, dots + 2, kind.length(), 10));
        }
        return switch (kind) {
            case "yes-no" -> Kinds.YES_NO;
            case "memory" -> Kinds.MEMORY;
            case "text" -> Kinds.TEXT;
            case "words" -> name.equals("oom-score-adj-values") ? Kinds.THREE_NUMBERS : Kinds.WORDS;
            default -> throw new IllegalStateException(name + " has an unknown kind: " + kind);
        };
    }
}
