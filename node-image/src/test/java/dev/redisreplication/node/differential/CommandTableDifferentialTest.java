package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What COMMAND says of a command (arity, flags, positions of keys, categories) is what Redis says of it. */
class CommandTableDifferentialTest {
    /** Rows that differ, and have to. */
    private static final Map<String, String> DIFFERENT = Map.of(
            "replicaof", "it takes a term here",
            "slaveof", "it takes a term here",
            "xread", "it does not wait here");

    @Test
    void rowsAreThoseOfRedis() throws Exception {
        try (Arena arena = Arena.open()) {
            Map<String, String> redis = rows(arena.redis().port());
            Map<String, String> node = rows(arena.node().port());
            node.keySet().retainAll(redis.keySet()); // commands of our own, and of later versions
            node.keySet().removeAll(DIFFERENT.keySet());
            assertThat(node)
                    .hasSizeGreaterThan(200)
                    .allSatisfy((name, row) -> assertThat(row).as(name).isEqualTo(redis.get(name)));
        }
    }

    private static Map<String, String> rows(int port) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        try (Wire wire = new Wire(port)) {
            add(rows, wire.call("COMMAND").items());
        }
        return rows;
    }

    private static void add(Map<String, String> rows, List<Reply> commands) {
        for (Reply command : commands) {
            List<Reply> facts = command.items();
            rows.put(
                    facts.get(0).text(),
                    "arity " + facts.get(1) + ", flags " + facts.get(2).sorted(1) + ", keys " + facts.subList(3, 6)
                            + ", categories " + facts.get(6).sorted(1));
            add(rows, facts.get(9).items());
        }
    }
}
