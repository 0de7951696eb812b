package dev.redisreplication.node.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Makes up what executes several commands at once: scripts, functions, and transactions. */
final class ScriptPrograms {
    private static final int MOST_CALLS = 6;
    private static final int NAMES = 3; // of libraries, and of the function in each

    /** Their replies are in no order, random, or of a clock: what belongs to scripts is held by the others. */
    private static final Set<String> OWN = Set.of(
            "KEYS",
            "SMEMBERS",
            "SINTER",
            "SUNION",
            "SDIFF",
            "HKEYS",
            "HVALS",
            "HGETALL",
            "SPOP",
            "SRANDMEMBER",
            "HRANDFIELD",
            "ZRANDMEMBER",
            "RANDOMKEY",
            "TIME",
            "SCAN",
            "SSCAN",
            "HSCAN",
            "ZSCAN",
            "TTL",
            "PTTL",
            "EXPIRETIME",
            "PEXPIRETIME",
            "OBJECT",
            "SORT",
            "SORT_RO",
            "XINFO",
            "XPENDING");

    private final Grammar grammar;

    /** @param groups of commands; with those that would wait elsewhere */
    ScriptPrograms(List<String> groups) throws IOException {
        List<String> all = new ArrayList<>(groups);
        all.add("blocking");
        grammar = Grammar.load(all);
    }

    /** The commands of one step: mostly one. */
    List<List<String>> next(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> transaction(random);
            case 1 -> List.of(library(random));
            case 2, 3 -> List.of(call(random));
            default -> List.of(eval(random));
        };
    }

    private List<List<String>> transaction(RandomGenerator random) {
        List<List<String>> commands = new ArrayList<>();
        commands.add(List.of("MULTI"));
        for (int i = 1 + random.nextInt(MOST_CALLS); i > 0; i--) {
            commands.add(random.nextInt(6) == 0 ? eval(random) : command(random));
        }
        commands.add(List.of(random.nextInt(12) == 0 ? "DISCARD" : "EXEC"));
        return commands;
    }

    private static List<String> call(RandomGenerator random) {
        return List.of(random.nextInt(4) == 0 ? "FCALL_RO" : "FCALL", "f" + random.nextInt(NAMES), "1", "s1", "x");
    }

    private List<String> library(RandomGenerator random) {
        int name = random.nextInt(NAMES);
        if (random.nextInt(8) == 0) {
            return random.nextInt(4) == 0 ? List.of("FUNCTION", "FLUSH") : List.of("FUNCTION", "DELETE", "l" + name);
        }
        String flags = random.nextInt(5) == 0 ? ", flags = {'no-writes'}" : "";
        String code = "#!lua name=l" + name + "\nredis.register_function{function_name = 'f" + name
                + "', callback = function(KEYS, ARGV) " + body(random) + " end" + flags + "}";
        return random.nextInt(6) == 0
                ? List.of("FUNCTION", "LOAD", code)
                : List.of("FUNCTION", "LOAD", "REPLACE", code);
    }

    /** One script, as a command. */
    List<String> eval(RandomGenerator random) {
        StringBuilder script = new StringBuilder();
        if (random.nextInt(10) == 0) {
            script.append("#!lua flags=")
                    .append(random.nextBoolean() ? "no-writes" : "allow-oom")
                    .append('\n');
        }
        script.append(body(random));
        return List.of(random.nextInt(10) == 0 ? "EVAL_RO" : "EVAL", script.toString(), "0");
    }

    private String body(RandomGenerator random) {
        StringBuilder script = new StringBuilder();
        if (random.nextInt(4) == 0) {
            script.append("redis.setresp(3) ");
        }
        script.append("local r, x = {} ");
        int calls = 1 + random.nextInt(MOST_CALLS);
        for (int i = 0; i < calls; i++) {
            // An error of redis.call ends one script in three; what it has done until then stays.
            String function = random.nextInt(12) == 0 ? "call" : "pcall";
            List<String> quoted = new ArrayList<>();
            command(random).forEach(argument -> quoted.add(quote(argument)));
            script.append("x = redis.")
                    .append(function)
                    .append('(')
                    .append(String.join(", ", quoted))
                    .append(") ");
            script.append(
                    switch (random.nextInt(5)) {
                        case 0 -> "if type(x) == 'string' then r[#r + 1] = #x .. x else r[#r + 1] = type(x) end ";
                        case 1 -> "r[#r + 1] = {x, type(x)} ";
                        case 2 -> "if type(x) == 'table' then r[#r + 1] = x.err or x.ok or x else r[#r + 1] = x end ";
                        default -> "r[#r + 1] = x ";
                    });
        }
        return script.append(random.nextInt(6) == 0 ? "return x" : "return r").toString();
    }

    private List<String> command(RandomGenerator random) {
        while (true) {
            List<String> command = grammar.next(random);
            String name = Commands.name(command);
            if (!OWN.contains(name) && !(name.equals("XADD") && command.contains("*"))) {
                return command;
            }
        }
    }

    /** As Lua reads it: a number of up to three digits for each byte that is no letter or digit. */
    private static String quote(String argument) {
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (Character.isLetterOrDigit(c) && c < 128) {
                text.append(c);
            } else {
                text.append('\\').append(String.format("%03d", (int) c));
            }
        }
        return text.append('\'').toString();
    }
}
