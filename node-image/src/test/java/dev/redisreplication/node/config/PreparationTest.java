package dev.redisreplication.node.config;

import static dev.redisreplication.node.config.Directives.PORT;
import static dev.redisreplication.node.config.Directives.TIMEOUT;
import static dev.redisreplication.node.config.Directives.TLS_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What CONFIG SET prepares before it changes a value: all that a call needs, or nothing. */
class PreparationTest {
    private final NodeSettings settings = new NodeSettings();
    private final List<String> seen = new ArrayList<>();

    private Preparation ports(String name) {
        return (changed, next) -> {
            if (next.get(TLS_PORT) == 13) {
                throw new ConfigException("unlucky");
            }
            seen.add("prepare " + name + " for " + changed + ": " + next.get(PORT) + " " + next.get(TLS_PORT));
            return new Preparation.Ready() {
                @Override
                public void commit() {
                    seen.add("commit " + name + " at " + settings.get(PORT));
                }

                @Override
                public void cancel() {
                    seen.add("cancel " + name + " at " + settings.get(PORT));
                }
            };
        };
    }

    @BeforeEach
    void twoThatPrepare() {
        settings.prepare(List.of(TIMEOUT), (changed, next) -> ports("first").prepare(changed, nextWithoutTls(next)));
        settings.prepare(List.of(PORT, TLS_PORT), ports("both"));
    }

    private static Preparation.Next nextWithoutTls(Preparation.Next next) {
        return new Preparation.Next() {
            @Override
            @SuppressWarnings("unchecked") // a number for a number
            public <T> T get(Directive<T> directive) {
                return directive == TLS_PORT ? (T) Long.valueOf(0) : next.get(directive);
            }
        };
    }

    private static Map<String, String> changes(String... words) {
        Map<String, String> changes = new LinkedHashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            changes.put(words[i], words[i + 1]);
        }
        return changes;
    }

    @Test
    void isDoneOnceForAllDirectivesOfACallAndSeesTheirNewValues() {
        assertThat(settings.change(changes("tls-port", "2", "port", "1"))).isNull();
        assertThat(seen).containsExactly("prepare both for tls-port: 1 2", "commit both at 1");
    }

    @Test
    void whatWasPreparedIsGivenUpWhenAnotherOneFails() {
        assertThat(settings.change(changes("timeout", "5", "tls-port", "13")))
                .isEqualTo("ERR CONFIG SET failed (possibly related to argument 'tls-port') - unlucky");
        assertThat(seen).containsExactly("prepare first for timeout: 6379 0", "cancel first at 6379");
        assertThat(settings.get(TIMEOUT)).isZero();
    }
}
