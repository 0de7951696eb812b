package dev.redisreplication.node.command.server;

import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandDocs;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.KeyFlag;
import dev.redisreplication.node.command.KeySpec;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.List;
import java.util.Set;

/** Writes rows of the table as COMMAND INFO answers them. */
final class RowReply {
    private final ReplyWriter out;
    private final CommandDocs docs = CommandDocs.read();

    RowReply(ReplyWriter out) {
        this.out = out;
    }

    /** The ten elements that Redis 7.0 gives of a command. */
    void row(CommandRow row) {
        CommandDocs.Entry entry = docs.of(row.name());
        out.array(10);
        out.bulk(row.name());
        out.integer(row.arity());
        statuses(row.flags().stream().filter(f -> !f.internal()).map(Flag::text).toList());
        KeyRange range = KeyRange.of(row.keySpecs());
        out.integer(range.first());
        out.integer(range.last());
        out.integer(range.step());
        statuses(row.allCategories().stream()
                .map(Category::text)
                .map(text -> "@" + text)
                .toList());
        out.set(entry.tips().size());
        entry.tips().forEach(out::bulk);
        out.set(row.keySpecs().size());
        for (int i = 0; i < row.keySpecs().size(); i++) {
            spec(row.keySpecs().get(i), entry.note(i));
        }
        if (row.subcommands().isEmpty()) {
            out.set(0); // in Redis the empty one is a set
        } else {
            out.array(row.subcommands().size());
            row.subcommands().forEach(this::row);
        }
    }

    private void spec(KeySpec spec, String note) {
        out.map(note == null ? 3 : 4);
        if (note != null) {
            out.bulk("notes");
            out.bulk(note);
        }
        out.bulk("flags");
        keyFlags(KeyFlag.of(spec.flags()));
        out.bulk("begin_search");
        switch (spec.begin()) {
            case KeySpec.Index(int position) -> {
                way("index", 1);
                number("index", position);
            }
            case KeySpec.Keyword(String word, int from) -> {
                way("keyword", 2);
                out.bulk("keyword");
                out.bulk(word);
                number("startfrom", from);
            }
            case KeySpec.Unknown() -> way("unknown", 0);
        }
        out.bulk("find_keys");
        switch (spec.find()) {
            case KeySpec.Range(int last, int step, int limit) -> {
                way("range", 3);
                number("lastkey", last);
                number("keystep", step);
                number("limit", limit);
            }
            case KeySpec.Numbered(int at, int first, int step) -> {
                way("keynum", 3);
                number("keynumidx", at);
                number("firstkey", first);
                number("keystep", step);
            }
            case KeySpec.Unknown() -> way("unknown", 0);
        }
    }

    /** The kind of a search, and the beginning of the map of its {@code facts}. */
    private void way(String type, int facts) {
        out.map(2);
        out.bulk("type");
        out.bulk(type);
        out.bulk("spec");
        out.map(facts);
    }

    private void number(String name, int value) {
        out.bulk(name);
        out.integer(value);
    }

    /** What is done with a key. */
    void keyFlags(Set<KeyFlag> flags) {
        statuses(flags.stream().map(KeyFlag::text).toList());
    }

    private void statuses(List<String> texts) {
        out.set(texts.size());
        texts.forEach(out::simple);
    }

    /**
     * The keys as three numbers, as clients knew them before there were specifications; zeros if these say nothing of the kind.
     *
     * @param last negative from the end
     */
    private record KeyRange(int first, int last, int step) {
        private static final KeyRange NONE = new KeyRange(0, 0, 0);

        static KeyRange of(List<KeySpec> specs) {
            KeyRange all = NONE;
            for (KeySpec spec : specs) {
                if (spec.begin() instanceof KeySpec.Index begin && spec.find() instanceof KeySpec.Range find) {
                    int first = begin.position();
                    int last = find.last() < 0 ? find.last() : first + find.last();
                    if (all.first == 0) {
                        all = new KeyRange(first, last, find.step());
                    } else if (all.step == 1 && find.step() == 1 && all.last == first - 1) {
                        all = new KeyRange(all.first, last, 1);
                    } else {
                        return NONE;
                    }
                }
            }
            return all;
        }
    }
}
