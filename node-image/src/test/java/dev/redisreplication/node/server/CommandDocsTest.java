package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.redisreplication.node.command.CommandDocs;
import dev.redisreplication.node.command.CommandRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every command is documented, and the documentation is about what the table says. */
class CommandDocsTest {
    private final CommandDocs docs = CommandDocs.read();

    @Test
    void everyCommandIsDocumented() throws Exception {
        List<CommandRow> rows;
        try (Server server = Server.start("--port", "0")) {
            rows = server.commands().withSubcommands();
        }
        for (CommandRow row : rows) {
            CommandDocs.Entry entry = docs.of(row.name());
            assertThat(List.of(entry.summary(), entry.since(), entry.group()))
                    .as(row.name())
                    .doesNotContain("");
            eachArgument(entry.arguments(), argument -> {
                String spec = argument.attributes().get("key");
                if (spec != null) {
                    assertThat(Integer.parseInt(spec))
                            .as(row.name() + " " + argument.name())
                            .isBetween(0, row.keySpecs().size() - 1);
                }
            });
        }
    }

    @Test
    void namesAreInOrder() throws IOException {
        List<String> names = new ArrayList<>();
        try (InputStream in = CommandDocs.class.getResourceAsStream("commands.txt")) {
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith(" "))
                    .forEach(names::add);
        }
        assertThat(names).isSorted().doesNotHaveDuplicates();
        names.forEach(name -> assertThat(docs.of(name).summary()).as(name).isNotNull());
    }

    @Test
    void partsOfArgumentsStandBelowThem() {
        List<CommandDocs.Argument> set = docs.of("set").arguments();
        assertThat(set)
                .extracting(CommandDocs.Argument::name)
                .containsExactly("key", "value", "condition", "get", "expiration");
        assertThat(set.get(2).parts())
                .extracting(a -> a.attributes().get("token"))
                .containsExactly("NX", "XX");
    }

    @Test
    void whatIsNotDocumentedIsNamed() {
        assertThatIllegalStateException().isThrownBy(() -> docs.of("nothing")).withMessageContaining("nothing");
    }

    private static void eachArgument(List<CommandDocs.Argument> arguments, Consumer<CommandDocs.Argument> check) {
        for (CommandDocs.Argument argument : arguments) {
            check.accept(argument);
            eachArgument(argument.parts(), check);
        }
    }
}
