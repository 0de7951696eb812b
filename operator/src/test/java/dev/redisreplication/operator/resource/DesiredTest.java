package dev.redisreplication.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code in-*.yaml} is a group, {@code out-*.yaml} all objects wanted for it. {@code -Dgolden.update=true} rewrites them. */
class DesiredTest {

    private static final Path FILES = Path.of("src/test/resources/resource");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES))
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("in-"))
                    .map(name -> name.substring(3))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void objectsAreTheExpected(String name) throws IOException {
        GroupModel model = GroupModel.of(
                YAML.readValue(FILES.resolve("in-" + name).toFile(), RedisReplicationGroup.class),
                "redis-replication/node:0.1.0");
        StringBuilder out = new StringBuilder();
        List<HasMetadata> objects = new ArrayList<>(Desired.of(model));
        if (model.givenSecret().isEmpty()) {
            objects.add(PasswordSecrets.auth(model, "generated"));
        }
        objects.add(PasswordSecrets.ring(
                model, PasswordRing.EMPTY.with("generated", Instant.parse("2026-11-01T12:00:00Z"))));
        for (HasMetadata object : objects) {
            out.append(YAML.writeValueAsString(object));
        }
        Path expected = FILES.resolve("out-" + name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(expected, out);
        }
        assertThat(expected).hasContent(out.toString());
    }
}
