package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DEBUG DIGEST and DEBUG DIGEST-VALUE beside Redis', for each type in its small and its large form. */
class DigestDifferentialTest {
    @RegisterExtension
    static final Arena arena = new Arena();

    private static Wire redis;
    private static Wire node;

    @BeforeAll
    static void start() throws Exception {
        redis = new Wire(arena.redis().port());
        node = new Wire(arena.node().port());
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
        node.close();
    }

    @BeforeEach
    void empty() throws IOException {
        both("FLUSHALL");
        both("SELECT 0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k value",
                "SET k 12345",
                "SET k \"\"",
                "SET k value EX 1000",
                "SET k -7 PX 100000000",
                "SETRANGE k 70000 x",
                "RPUSH k a 1 \"\" -5 b",
                "SADD k 3 1 2",
                "SADD k a 1 \"\"",
                "HSET k f v g 1 \"\" \"\"",
                "ZADD k 1 a 1.5 b -3 c 0 d -0 e 1e20 f 0.1 g inf h -inf i 3.0000000000000001e-7 j 123456789012345678 k",
                "XADD k 1-1 f v g h|XADD k 1-2 f w|XADD k 18446744073709551615-3 a b|XGROUP CREATE k g 0",
                "XGROUP CREATE k g 0 MKSTREAM",
                "SELECT 3|SET k v|SELECT 5|SET k v",
                "SELECT 3|SET k v|FLUSHDB",
                "SET a 1|SET b 2|SET c 3 PX 1000000|RENAME a d|RPUSH l 1|LPOP l",
                "ZADD k 1 fx{65} -0 a -0 b|DEBUG RELOAD|ZRANGE k 0 -1 WITHSCORES",
                "ZADD k 1 fx{65} -0 a -0 7|ZREM k fx{65}|DEBUG RELOAD|ZRANGE k 0 -1 WITHSCORES|OBJECT ENCODING k",
            })
    void isEqualFor(String script) throws IOException {
        for (String line : script.split("\\|", -1)) {
            both(line);
        }
        compare();
    }

    @Test
    void isEqualForLargeCollections() throws IOException {
        for (int i = 0; i < 3000; i++) {
            both("RPUSH l element" + i);
            both("SADD s element" + i);
            both("SADD n " + i);
            both("ZADD z " + i / 7.0 + " element" + i);
            both("HSET h field" + i + " value" + i);
            both("XADD x " + (i + 1) + "-0 field value" + i);
        }
        compare();
    }

    /** A key whose time is over counts until it is deleted. */
    @Test
    void countsWhatIsThereStill() throws IOException {
        both("DEBUG SET-ACTIVE-EXPIRE 0");
        both("SET k v PX 1");
        String all = redis.call("DEBUG", "DIGEST").text();
        assertThat(node.call("DEBUG", "DIGEST").text()).isEqualTo(all).isNotEqualTo("0".repeat(40));
        for (Wire server : List.of(redis, node)) {
            Awaitility.await().until(() -> server.call("EXISTS", "k").text().equals("0"));
        }
        both("DEBUG SET-ACTIVE-EXPIRE 1");
        compare();
    }

    private static void compare() throws IOException {
        assertThat(node.call("DEBUG", "DIGEST")).isEqualTo(redis.call("DEBUG", "DIGEST"));
        List<String> values = List.of("DEBUG", "DIGEST-VALUE", "k", "l", "s", "n", "z", "h", "x", "nothing");
        assertThat(node.call(values)).isEqualTo(redis.call(values));
    }

    private static void both(String line) throws IOException {
        List<String> command = Commands.parse(line);
        assertThat(node.call(command)).isEqualTo(redis.call(command));
    }
}
