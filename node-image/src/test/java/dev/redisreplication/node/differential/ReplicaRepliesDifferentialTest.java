package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of a replica has no room for a reply: who asks for one on such a connection is disconnected, as by Redis. */
class ReplicaRepliesDifferentialTest {
    @RegisterExtension
    static final Arena arena = new Arena();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PING",
                "GET a",
                "SET a 1",
                "NOTHING",
                "GET",
                "MULTI",
                "CLIENT ID",
                "REPLCONF nothing 1",
                "SUBSCRIBE c",
                "REPLCONF ACK 1",
                "REPLCONF ACK",
                "PSYNC ? -1",
                "CLIENT REPLY OFF",
                "ACL WHOAMI"
            })
    void whoAsksForAReplyIsDisconnected(String command) throws IOException {
        String theirs = outcome(arena.redis().port(), command);
        assertThat(outcome(arena.node().port(), command)).as(command).isEqualTo(theirs);
    }

    /** Whether the link goes on, and that nothing but the stream comes until it ends. */
    private static String outcome(int port, String command) throws IOException {
        try (Wire control = new Wire(port);
                Wire replica = new Wire(port)) {
            control.call("FLUSHALL");
            replica.call("REPLCONF", "capa", "psync2");
            replica.send(List.of("PSYNC", "?", "-1"));
            Awaitility.await("the dump is sent").until(() -> {
                replica.sendRaw("\n");
                return control.call("INFO", "replication").text().contains("state=online");
            });
            replica.sendRaw(Wire.frame(Commands.parse(command)));
            String seen = "(?s).* cmd=("
                    + Commands.name(Commands.parse(command)).toLowerCase(Locale.ROOT) + "|NULL)(\\|\\S+)? .*";
            boolean[] ended = new boolean[1];
            Awaitility.await("it is over, or goes on").until(() -> {
                ended[0] = control.call("INFO", "replication").text().contains("connected_slaves:0");
                return ended[0]
                        || control.call("CLIENT", "LIST", "TYPE", "replica")
                                .text()
                                .matches(seen);
            });
            return ended[0] ? "disconnected" : "goes on";
        }
    }
}
