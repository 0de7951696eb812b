package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.server.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why a command is refused, when there are several reasons: each pair of reasons is made true on a real server and on a node,
 * and commands of each class are sent to both, outside of a transaction and inside, and the EXEC after them.
 */
class AdmissionDifferentialTest {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("SET", "a", "1"),
            List.of("DEL", "a"),
            List.of("GET", "a"),
            List.of("PING"),
            List.of("ECHO", "1"),
            List.of("SELECT", "0"),
            List.of("INFO", "nothing"),
            List.of("CONFIG", "GET", "nothing"),
            List.of("PUBLISH", "c", "1"),
            List.of("SUBSCRIBE", "c"),
            List.of("SSUBSCRIBE", "c"),
            List.of("UNSUBSCRIBE"),
            List.of("AUTH", "x", "y"),
            List.of("HELLO", "9"),
            List.of("MULTI"),
            List.of("WATCH", "a"),
            List.of("UNWATCH"),
            List.of("EXEC"),
            List.of("DISCARD"),
            List.of("RESET"),
            List.of("QUIT"),
            List.of("SAVE"),
            List.of("LASTSAVE", "1"),
            List.of("NOTHING"));

    /** What a connection has said before the reasons come true. */
    private static final List<List<List<String>>> BEFORE = List.of(
            List.of(),
            List.of(List.of("SUBSCRIBE", "s")),
            List.of(List.of("HELLO", "3"), List.of("SUBSCRIBE", "s")),
            List.of(List.of("MULTI")),
            List.of(List.of("MULTI"), List.of("GET", "a"), List.of("ECHO", "1")),
            List.of(List.of("MULTI"), List.of("ECHO", "1"), List.of("SET", "a", "1"), List.of("GET", "a")),
            List.of(List.of("MULTI"), List.of("DEL", "a"), List.of("INFO", "nothing")),
            List.of(List.of("MULTI"), List.of("NOTHING")));

    @TempDir
    Path folder;

    @Test
    void theSameReasonIsGiven() throws Exception {
        RealRedis.assumeInstalled();
        Path theirs = Files.createDirectory(folder.resolve("redis"));
        Path ours = Files.createDirectory(folder.resolve("node"));
        try (RealRedis redis = RealRedis.start("--dir", theirs.toString());
                Server node = Server.start("--port", "0", "--bind", "127.0.0.1", "--dir", ours.toString());
                Refusals right = new Refusals(redis.port(), theirs, null);
                Refusals left = new Refusals(node.port(), ours, node)) {
            right.prepare();
            left.prepare();
            int cases = 0;
            for (Set<Refusals.Reason> reasons : Refusals.sets()) {
                List<List<String>> expected = right.answers(reasons, conversations());
                List<List<String>> given = left.answers(reasons, conversations());
                cases += expected.size();
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(given.get(i)).as("%s: %s", reasons, given.get(i)).isEqualTo(expected.get(i));
                }
            }
            assertThat(cases).isGreaterThan(5000);
        }
    }

    private static List<Refusals.Conversation> conversations() {
        List<Refusals.Conversation> all = new ArrayList<>();
        for (List<List<String>> before : BEFORE) {
            for (List<String> command : COMMANDS) {
                all.add(new Refusals.Conversation(
                        before,
                        command.equals(List.of("QUIT"))
                                ? List.of(command)
                                : List.of(command, List.of("EXEC"), List.of("PING"))));
            }
        }
        return all;
    }
}
