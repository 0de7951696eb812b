package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that cache values are told what they would be told by redis-server; and that the table of what they have read has an end. */
@ExtendWith(Proof.class)
class CachingDifferentialTest {
    private static final int COMMANDS = 150;

    @RegisterExtension
    static final Arena arena = new Arena();

    static LongStream seeds() {
        return Proof.seeds(8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void severalClientsAreToldWhatRedisTellsThem(long seed) throws IOException {
        Grammar grammar = Grammar.load(List.of("caching"));
        try (CachingCrowd crowd =
                new CachingCrowd(arena.redis().port(), arena.node().port())) {
            assertThat(crowd.play(grammar, seed, COMMANDS)).isNull();
            Proof.played("caching", COMMANDS);
        }
    }

    private static Wire wire(int port, int protocol) throws IOException {
        Wire wire = new Wire(port);
        wire.call("HELLO", "" + protocol);
        return wire;
    }

    @Test
    void aFullTableForgetsKeysAndSaysSo() throws IOException {
        int port = arena.node().port();
        try (Wire reader = wire(port, 3);
                Wire other = wire(port, 2)) {
            other.call("CONFIG", "SET", "tracking-table-max-keys", "10");
            reader.call("CLIENT", "TRACKING", "ON", "NOLOOP");
            for (int i = 0; i < 50; i++) {
                reader.send(List.of("GET", "key" + i));
            }
            Set<String> forgotten = new HashSet<>();
            for (int frames = 0; frames < 50 + 40; frames++) {
                Reply frame = reader.read();
                if (frame.type() == '>') {
                    forgotten.add(frame.items().get(1).items().getFirst().text());
                }
            }
            assertThat(forgotten).hasSize(40);
            assertThat(other.call("INFO", "stats").text())
                    .contains("tracking_total_keys:10\r\n", "tracking_total_items:10\r\n");
            other.call("CONFIG", "SET", "tracking-table-max-keys", "4");
            for (int i = 0; i < 6; i++) {
                forgotten.add(reader.read().items().get(1).items().getFirst().text());
            }
            assertThat(forgotten).hasSize(46);
            other.call("CONFIG", "SET", "tracking-table-max-keys", "1000000");
        }
    }

    /** Redis 7.0 sends these in the middle of the array. */
    @Test
    void messagesComeBehindTheReplyOfATransaction() throws IOException {
        int port = arena.node().port();
        try (Wire reader = wire(port, 3);
                Wire receiver = wire(port, 3)) {
            String id = receiver.call("CLIENT", "ID").text();
            reader.call("CLIENT", "TRACKING", "ON", "REDIRECT", id);
            reader.call("GET", "a");
            receiver.call("MULTI");
            receiver.call("SET", "a", "1");
            receiver.call("GET", "a");
            assertThat(receiver.call("EXEC").toString()).isEqualTo("*[+OK $1]");
            assertThat(receiver.read().toString()).isEqualTo(">[$invalidate *[$a]]");
        }
    }

    @Test
    void manyKeysOfOneTransactionAreBroadcastTogether() throws IOException {
        List<List<String>> all = new ArrayList<>();
        for (int port : new int[] {arena.redis().port(), arena.node().port()}) {
            List<String> heard = new ArrayList<>();
            try (Wire reader = wire(port, 3);
                    Wire writer = wire(port, 2)) {
                reader.call("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "k", "PREFIX", "other");
                writer.call("MULTI");
                for (int i = 0; i < 2000; i++) {
                    writer.call("SET", "k" + i % 1000, "1");
                    writer.call("SET", "x" + i, "1");
                }
                writer.call("SET", "other", "1");
                writer.call("EXEC");
                heard.add(reader.read().toString());
                heard.add(reader.read().toString());
            }
            all.add(heard);
        }
        assertThat(all.get(1)).isEqualTo(all.get(0));
    }

    /** What CLIENT CACHING says reaches as far as the next command, or the transaction that it begins. */
    @ParameterizedTest
    @ValueSource(strings = {"OPTIN", "OPTOUT"})
    void whatIsSaidOfCachingEndsWhereRedisEndsIt(String mode) throws IOException {
        String word = mode.equals("OPTIN") ? "YES" : "NO";
        List<List<String>> all = new ArrayList<>();
        for (int port : new int[] {arena.redis().port(), arena.node().port()}) {
            List<String> heard = new ArrayList<>();
            try (Wire reader = wire(port, 3)) {
                reader.call("FLUSHALL");
                reader.call("CLIENT", "TRACKING", "ON", mode);
                for (String line : List.of(
                        "CLIENT CACHING " + word,
                        "CLIENT TRACKINGINFO",
                        "GET a",
                        "GET b",
                        "CLIENT TRACKINGINFO",
                        "CLIENT CACHING " + word,
                        "MULTI",
                        "GET c",
                        "GET d",
                        "EXEC",
                        "GET e",
                        "MULTI",
                        "GET f",
                        "CLIENT CACHING " + word,
                        "CLIENT INFO",
                        "GET g",
                        "EXEC",
                        "CLIENT TRACKINGINFO",
                        "GET h",
                        "CLIENT CACHING " + word,
                        "nonsense",
                        "GET i",
                        "CLIENT CACHING " + word,
                        "GET",
                        "GET j")) {
                    String reply = reader.call(Commands.parse(line)).toString();
                    heard.add(line + " " + reply.replaceAll("=.* cmd=", " cmd="));
                }
                for (char key = 'a'; key <= 'j'; key++) {
                    reader.send(List.of("SET", "" + key, "1"));
                    reader.send(List.of("PING"));
                    StringBuilder frames = new StringBuilder();
                    do {
                        frames.append(' ').append(reader.read());
                    } while (!frames.toString().endsWith("+PONG"));
                    heard.add(key + frames.toString());
                }
            }
            all.add(heard);
        }
        assertThat(all.get(1)).containsExactlyElementsOf(all.get(0));
    }

    @Test
    void theReceiverThatGoesIsMissed() throws IOException {
        List<List<String>> all = new ArrayList<>();
        for (int port : new int[] {arena.redis().port(), arena.node().port()}) {
            List<String> heard = new ArrayList<>();
            try (Wire reader = wire(port, 3);
                    Wire writer = wire(port, 2)) {
                String id;
                try (Wire receiver = wire(port, 3)) {
                    id = receiver.call("CLIENT", "ID").text();
                    reader.call("CLIENT", "TRACKING", "ON", "REDIRECT", id);
                    heard.add(flags(reader));
                    writer.call("CLIENT", "KILL", "ID", id);
                }
                reader.call("GET", "a");
                writer.call("SET", "a", "1");
                heard.add(reader.read().toString().replace(id, "id"));
                heard.add(reader.call("CLIENT", "TRACKINGINFO").toString().replace(id, "id"));
                heard.add(flags(reader));
                reader.call("CLIENT", "TRACKING", "OFF");
                reader.call("CLIENT", "TRACKING", "ON", "BCAST");
                heard.add(flags(reader));
                reader.call("RESET");
                heard.add(flags(reader));
            }
            all.add(heard);
        }
        assertThat(all.get(1)).containsExactlyElementsOf(all.get(0));
    }

    @Test
    void aReplicaTellsWhoCachesItsValues() throws Exception {
        int master = arena.node().port();
        try (Server replica = Server.start(
                        "--port", "0", "--bind", "127.0.0.1", "--save", "", "--replicaof", "127.0.0.1 " + master);
                Wire writer = new Wire(master);
                Wire reader = wire(replica.port(), 3)) {
            Awaitility.await()
                    .until(() -> reader.call("INFO", "replication").text().contains("master_link_status:up"));
            reader.call("CLIENT", "TRACKING", "ON");
            reader.call("MGET", "a", "b");
            writer.call("SET", "b", "1");
            assertThat(reader.read().toString()).isEqualTo(">[$invalidate *[$b]]");
            writer.call("FLUSHALL");
            assertThat(reader.read().toString()).isEqualTo(">[$invalidate _]");
            reader.call("GET", "a");
            writer.call("SET", "a", "1");
            assertThat(reader.read().toString()).isEqualTo(">[$invalidate *[$a]]");
            reader.call("GET", "a");
            reader.call("REPLICAOF", "NO", "ONE");
            reader.call("REPLICAOF", "127.0.0.1", "" + master);
            writer.call("DEL", "a");
            assertThat(reader.read().toString())
                    .as("by the stream, or as the data were exchanged")
                    .startsWith(">[$invalidate ");
        }
    }

    /** The flags in CLIENT INFO, and whether messages are redirected. */
    private static String flags(Wire wire) throws IOException {
        String info = wire.call("CLIENT", "INFO").text();
        return info.replaceAll("(?s).* flags=(\\w+) .* redir=(-?\\d+) .*", "$1 $2")
                .replaceAll(" \\d\\d*$", " id");
    }
}
