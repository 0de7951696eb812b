package dev.redisreplication.node.command.server;

import dev.redisreplication.node.command.CommandDocs;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.List;

/** Writes the documentation of commands as COMMAND DOCS answers it. */
final class DocsReply {
    private final ReplyWriter out;
    private final CommandDocs docs = CommandDocs.read();

    DocsReply(ReplyWriter out) {
        this.out = out;
    }

    /** A map from the name of each command to what is said of it. */
    void commands(List<CommandRow> rows) {
        out.map(rows.size());
        for (CommandRow row : rows) {
            out.bulk(row.name());
            command(row, docs.of(row.name()));
        }
    }

    private void command(CommandRow row, CommandDocs.Entry entry) {
        out.map(3
                + one(entry.complexity() != null)
                + one(!entry.flags().isEmpty())
                + one(entry.deprecatedSince() != null)
                + one(entry.replacedBy() != null)
                + one(!entry.history().isEmpty())
                + one(!entry.arguments().isEmpty())
                + one(!row.subcommands().isEmpty()));
        text("summary", entry.summary());
        text("since", entry.since());
        text("group", entry.group());
        text("complexity", entry.complexity());
        statuses("doc_flags", entry.flags());
        text("deprecated_since", entry.deprecatedSince());
        text("replaced_by", entry.replacedBy());
        history(entry.history());
        arguments(entry.arguments());
        if (!row.subcommands().isEmpty()) {
            out.bulk("subcommands");
            commands(row.subcommands());
        }
    }

    private void history(List<String> changes) {
        if (changes.isEmpty()) {
            return;
        }
        out.bulk("history");
        out.set(changes.size());
        for (String change : changes) {
            int blank = change.indexOf(' ');
            out.array(2);
            out.bulk(change.substring(0, blank));
            out.bulk(change.substring(blank + 1));
        }
    }

    private void arguments(List<CommandDocs.Argument> arguments) {
        if (arguments.isEmpty()) {
            return;
        }
        out.bulk("arguments");
        out.array(arguments.size());
        for (CommandDocs.Argument argument : arguments) {
            argument(argument);
        }
    }

    private void argument(CommandDocs.Argument argument) {
        out.map(2
                + argument.attributes().size()
                + one(!argument.flags().isEmpty())
                + one(!argument.parts().isEmpty()));
        text("name", argument.name());
        text("type", argument.type());
        String spec = argument.attributes().get("key");
        if (spec != null) {
            out.bulk("key_spec_index");
            out.integer(Integer.parseInt(spec));
        }
        text("token", argument.attributes().get("token"));
        text("since", argument.attributes().get("since"));
        text("deprecated_since", argument.attributes().get("deprecated"));
        statuses("flags", argument.flags());
        arguments(argument.parts());
    }

    private void text(String name, String value) {
        if (value != null) {
            out.bulk(name);
            out.bulk(value);
        }
    }

    private void statuses(String name, List<String> values) {
        if (!values.isEmpty()) {
            out.bulk(name);
            out.set(values.size());
            values.forEach(out::simple);
        }
    }

    private static int one(boolean there) {
        return there ? 1 : 0;
    }
}
