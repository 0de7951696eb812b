package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.NodeSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The directives of a node beside those of a real server: each is there, and either works, or has no effect that anybody could miss,
 * or is refused with a reason. Whether those that are declared are read is a rule of the architecture.
 */
class DirectivesDifferentialTest {
    private static final Set<String> OWN = Set.of(
            "health-port",
            "io-linger",
            "io-transport",
            "managed",
            "masterauth-file",
            "requirepass-file",
            "unloadable-data");

    /** Defaults that differ from Redis', with the reason, and those that the two processes were started with. */
    private static final Set<String> OTHER_DEFAULTS = Set.of(
            "bind", // by the arguments of the test
            "dir",
            "port",
            "maxmemory");

    @RegisterExtension
    static final Arena arena = new Arena();

    private static Map<String, String> all(Wire server) throws IOException {
        Map<String, String> all = new TreeMap<>();
        List<Reply> items = server.call("CONFIG", "GET", "*").items();
        for (int i = 0; i < items.size(); i += 2) {
            all.put(items.get(i).text(), items.get(i + 1).text());
        }
        return all;
    }

    @Test
    void eachDirectiveOfRedisIsThereWithItsDefault() throws IOException {
        try (Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port())) {
            Map<String, String> theirs = all(redis);
            Map<String, String> ours = all(node);
            Set<String> known = new TreeSet<>(ours.keySet());
            known.removeAll(OWN);
            assertThat(known).isEqualTo(theirs.keySet());
            ours.keySet().removeAll(OWN);
            for (Map<String, String> some : List.of(theirs, ours)) {
                some.keySet().removeAll(OTHER_DEFAULTS);
            }
            assertThat(ours).isEqualTo(theirs);
        }
    }

    @Test
    void whatClientsMaySetIsTheSame() throws IOException {
        try (Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port())) {
            Map<String, String> differ = new TreeMap<>();
            for (Map.Entry<String, String> e : all(redis).entrySet()) {
                String right =
                        redis.call("CONFIG", "SET", e.getKey(), e.getValue()).toString();
                String value = e.getKey().equals("port") ? all(node).get("port") : e.getValue(); // each has its own
                String said = node.call("CONFIG", "SET", e.getKey(), value).toString();
                if (!said.equals(right)) {
                    differ.put(e.getKey(), said + " instead of " + right);
                }
            }
            assertThat(differ).isEmpty();
        }
    }

    /** Words of redis.conf that CONFIG GET does not know. */
    @ParameterizedTest
    @CsvSource({
        "loadmodule, /x.so, this server has no modules",
        "rename-command, CONFIG, wrong number of arguments",
        "sentinel, monitor a 127.0.0.1 1 1, sentinel directive while not in sentinel mode",
        "user, '', wrong number of arguments"
    })
    void whatIsNoValueIsRefusedWithItsReason(String name, String words, String reason) {
        List<String> arguments = words.isEmpty() ? List.of() : List.of(words.split(" ", -1));
        assertThat(NodeSettings.known(name)).isTrue();
        assertThatThrownBy(() -> new NodeSettings().set(name, arguments))
                .isInstanceOf(ConfigException.class)
                .hasMessage(reason);
    }

    /** Redis 7.0 still reads these, and does nothing. */
    @ParameterizedTest
    @CsvSource({"list-max-ziplist-entries, 512", "list-max-ziplist-value, 64", "lua-replicate-commands, yes"})
    void whatRedisHasGivenUpIsReadAndForgotten(String name, String value) throws Exception {
        NodeSettings settings = new NodeSettings();
        settings.set(name, List.of(value));
        assertThat(settings.inertInUse()).containsExactly(name);
        assertThat(settings.matching(name::equals)).isEmpty();
    }
}
