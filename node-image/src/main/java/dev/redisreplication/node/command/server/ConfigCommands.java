package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigRewriter;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.memory.Glob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** CONFIG and its subcommands. */
final class ConfigCommands {
    private static final Set<String> SECRETS =
            Set.of("requirepass", "masterauth", "masteruser", "tls-key-file-pass", "tls-client-key-file-pass");

    private ConfigCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder c = t.row("config", -2, t.help(HELP)).is(ADMIN, NOSCRIPT, LOADING, STALE);
        t.sub(c, "get", -3, ConfigCommands::get);
        t.sub(c, "set", -4, ConfigCommands::set);
        t.sub(c, "resetstat", 2, ConfigCommands::resetStat);
        t.sub(c, "rewrite", 2, ConfigCommands::rewrite);
        t.sub(c, "help", 2, t.help(HELP));
        // spotless:on
    }

    private static final String[] HELP = {
        "CONFIG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "GET <pattern>",
        "    Return parameters matching the glob-like <pattern> and their values.",
        "SET <directive> <value>",
        "    Set the configuration <directive> to <value>.",
        "RESETSTAT",
        "    Reset statistics reported by the INFO command.",
        "REWRITE",
        "    Rewrite the configuration file."
    };

    private static void get(Call call) {
        List<String> patterns = new ArrayList<>();
        for (int i = 2; i < call.argc(); i++) {
            patterns.add(call.asString(i).toLowerCase(Locale.ROOT));
        }
        Map<String, String> found =
                settings(call).matching(name -> patterns.stream().anyMatch(pattern -> Glob.matches(pattern, name)));
        call.reply().map(found.size());
        found.forEach((name, value) -> {
            call.reply().bulk(name);
            call.reply().bulk(value);
        });
    }

    private static void set(Call call) {
        if (call.argc() % 2 != 0) {
            throw CommandError.SYNTAX;
        }
        List<String> names = new ArrayList<>();
        for (int i = 2; i < call.argc(); i += 2) {
            String name = name(call, i);
            names.add(name);
            if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
                call.redact(i + 1);
            }
        }
        String refusal = NodeSettings.refuse(names);
        if (refusal == null) {
            Map<String, String> changes = new LinkedHashMap<>();
            for (int i = 2; i < call.argc(); i += 2) {
                changes.put(name(call, i), NodeSettings.asRead(name(call, i), call.asString(i + 1)));
            }
            refusal = settings(call).change(changes);
        }
        if (refusal != null) {
            throw new CommandError(refusal);
        }
        call.reply().ok();
    }

    /** Argument {@code i} as a name: a character a byte, so that it comes back in an error as it was. */
    private static String name(Call call, int i) {
        return new String(call.asBytes(i), StandardCharsets.ISO_8859_1);
    }

    private static void resetStat(Call call) {
        call.node().resetStats();
        call.reply().ok();
    }

    private static void rewrite(Call call) {
        try {
            ConfigRewriter.rewrite(settings(call));
        } catch (ConfigException e) {
            throw new CommandError("ERR " + e.getMessage());
        }
        call.reply().ok();
    }

    private static NodeSettings settings(Call call) {
        return call.node().settings();
    }
}
