package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Many consumers of some groups that wait for one stream: of each group the one that came first gets an entry, and nobody else is
 * troubled. It can be seen by how often the stream is looked up.
 */
class GroupCrowdTest {
    private static final int GROUPS = 4;
    private static final int CONSUMERS = 100; // of each group
    private static final int ENTRIES = 40;

    @Test
    void onlyAsManyAreServedAsThereIsData() throws Exception {
        try (Server server = Server.start("--port", "0", "--bind", "127.0.0.1", "--save", "")) {
            try (Wire observer = new Wire(server.port())) {
                List<Deque<Wire>> waiting = come(observer, server.port());
                long before = hits(observer);
                for (int i = 1; i <= ENTRIES; i++) {
                    observer.call("XADD", "s", i + "-0", "a", "b");
                    for (int group = 0; group < GROUPS; group++) {
                        try (Wire first = waiting.get(group).removeFirst()) {
                            assertThat(first.read().toString()).isEqualTo("*[*[$s *[*[$" + i + "-0 *[$a $b]]]]]");
                        }
                    }
                }
                assertThat(hits(observer) - before).isLessThanOrEqualTo(3L * GROUPS * ENTRIES);
                assertThat(observer.call("INFO", "clients").text())
                        .contains("blocked_clients:" + GROUPS * (CONSUMERS - ENTRIES) + "\r\n");
                for (int group = 0; group < GROUPS; group++) {
                    assertThat(observer.call("XPENDING", "s", "group" + group)
                                    .items()
                                    .getFirst()
                                    .asLong())
                            .isEqualTo(ENTRIES);
                    for (Wire wire : waiting.get(group)) {
                        wire.close();
                    }
                }
            }
        }
    }

    private static List<Deque<Wire>> come(Wire observer, int port) throws IOException {
        List<Deque<Wire>> waiting = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            observer.call("XGROUP", "CREATE", "s", "group" + group, "0", "MKSTREAM");
            waiting.add(new ArrayDeque<>());
        }
        for (int i = 0; i < GROUPS * CONSUMERS; i++) {
            Wire wire = new Wire(port);
            wire.send(Commands.parse("XREADGROUP GROUP group" + i % GROUPS + " c" + i + " BLOCK 0 STREAMS s >"));
            waiting.get(i % GROUPS).add(wire);
            int blocked = i + 1;
            Awaitility.await()
                    .until(() ->
                            observer.call("INFO", "clients").text().contains("blocked_clients:" + blocked + "\r\n"));
        }
        return waiting;
    }

    private static long hits(Wire observer) throws IOException {
        String stats = observer.call("INFO", "stats").text();
        return Long.parseLong(stats.replaceAll("(?s).*keyspace_hits:(\\d+).*", "$1"));
    }
}
