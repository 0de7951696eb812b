package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(Refusals.compare(folder, side -> conversations())).isGreaterThan(5000);
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
