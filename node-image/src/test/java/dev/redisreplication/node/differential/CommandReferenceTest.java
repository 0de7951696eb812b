package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.command.CommandDocs;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/commands.md} says what the server itself says by COMMAND DOCS, and what it does otherwise than Redis. */
class CommandReferenceTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "commands.md");
    private static final String HEAD = """
            # Commands

            What a node answers, as it reports by `COMMAND DOCS`, and what it does otherwise than Redis. Replies and error texts are
            those of Redis 7.0, in RESP2 and RESP3. A test keeps this page equal to the command table; `-Dcommands.write=true` makes
            it write the page anew.
            """;

    @Test
    void pageIsEqualToTheTable() throws IOException, ConfigException {
        String page = page();
        if (Boolean.getBoolean("commands.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page);
    }

    private static String page() throws IOException, ConfigException {
        Map<String, Map<String, String>> groups = new TreeMap<>();
        try (Server server = Server.start("--port", "0", "--bind", "127.0.0.1");
                Wire wire = new Wire(server.port())) {
            List<Reply> commands = wire.call("COMMAND", "DOCS").items();
            for (int i = 0; i < commands.size(); i += 2) {
                Map<String, Reply> facts = facts(commands.get(i + 1));
                String name = commands.get(i).text().toUpperCase(Locale.ROOT);
                String row = "| `" + name + "` | " + facts.get("since").text() + " | "
                        + sentence(facts.get("summary").text()) + ' '
                        + here(name, facts.get("subcommands")) + subcommands(facts.get("subcommands")) + "|";
                groups.computeIfAbsent(facts.get("group").text(), group -> new TreeMap<>())
                        .put(name, row);
            }
        }
        return HEAD
                + groups.entrySet().stream()
                        .map(group -> "\n## " + group.getKey()
                                + "\n\n| command | since Redis | what it does |\n| --- | --- | --- |\n"
                                + String.join("\n", group.getValue().values()) + "\n")
                        .collect(Collectors.joining());
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + '.';
    }

    /** What is different here: of the command, and of its subcommands. */
    private static String here(String name, Reply subcommands) {
        StringBuilder here = new StringBuilder();
        String own = CommandDocs.read().of(name.toLowerCase(Locale.ROOT)).here();
        if (own != null) {
            here.append(own).append(' ');
        }
        for (int i = 0; subcommands != null && i < subcommands.items().size(); i += 2) {
            String sub = subcommands.items().get(i).text();
            String text = CommandDocs.read().of(sub).here();
            if (text != null) {
                here.append('`')
                        .append(sub.substring(sub.indexOf('|') + 1).toUpperCase(Locale.ROOT))
                        .append("`: ")
                        .append(text)
                        .append(' ');
            }
        }
        return here.toString();
    }

    private static String subcommands(Reply reply) {
        if (reply == null) {
            return "";
        }
        StringBuilder names = new StringBuilder("Subcommands:");
        for (int i = 0; i < reply.items().size(); i += 2) {
            String name = reply.items().get(i).text();
            names.append(i == 0 ? " `" : ", `")
                    .append(name.substring(name.indexOf('|') + 1).toUpperCase(Locale.ROOT))
                    .append('`');
        }
        return names.append(". ").toString();
    }

    private static Map<String, Reply> facts(Reply map) {
        Map<String, Reply> facts = new TreeMap<>();
        for (int i = 0; i < map.items().size(); i += 2) {
            facts.put(map.items().get(i).text(), map.items().get(i + 1));
        }
        return facts;
    }
}
