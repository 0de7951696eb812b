package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every script in {@code differential/scripts}, in RESP2 and RESP3. */
class ScriptedDifferentialTest {

    @RegisterExtension
    static final Arena arena = new Arena();

    static List<Arguments> scripts() throws IOException, URISyntaxException {
        Path folder = Path.of(ScriptedDifferentialTest.class
                .getResource("/differential/scripts")
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted()
                    .flatMap(file -> Stream.of(2, 3)
                            .map(protocol -> Arguments.of(file.getFileName().toString(), protocol, new Script(file))))
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}, RESP{1}")
    @MethodSource("scripts")
    void answersAsRedisDoes(String name, int protocol, Script script) throws IOException {
        try (Duel duel = arena.duel(protocol)) {
            assertThat(script.play(duel)).as(name).isEmpty();
        }
    }
}
