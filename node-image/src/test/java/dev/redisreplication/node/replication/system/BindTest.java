package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.net.Certificates.Who.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.Certificates;
import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TestTransport;
import dev.redisreplication.node.net.TlsClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** CONFIG SET bind as a real server has it: other addresses for both ports, all or none of them, and who is connected stays. */
class BindTest {
    private static final String REFUSED =
            "ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified addresses.";

    @TempDir
    Path folder;

    private static boolean answers(String host, int port) {
        try (Jedis jedis = new Jedis(host, port, 60_000)) {
            return jedis.ping().equals("PONG");
        } catch (JedisConnectionException e) {
            return false;
        }
    }

    private static String set(Jedis jedis, String... words) {
        try {
            return jedis.configSet(words);
        } catch (JedisDataException e) {
            return e.getMessage();
        }
    }

    private ServerProcess start(String program, String... flags) {
        if (program.equals("redis")) {
            return ServerProcess.redis(folder.resolve("server"), flags);
        }
        TestTransport.needs(program);
        String[] all = List.of(flags).toArray(new String[flags.length + 2]);
        all[flags.length] = "--io-transport";
        all[flags.length + 1] = program;
        return ServerProcess.node(folder.resolve("server"), all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "epoll", "nio", "io_uring"})
    void addressesAreChanged(String program) throws Exception {
        Certificates certificates = Certificates.in(folder.resolve("tls"));
        int secure = FreePort.next();
        try (ServerProcess server = start(program, certificates.flags(secure));
                Jedis early = server.connect()) {
            int port = server.port();
            assertThat(set(early, "bind", "127.0.0.2")).isEqualTo("OK");
            assertThat(answers("127.0.0.2", port)).isTrue();
            assertThat(answers("127.0.0.1", port)).isFalse();

            assertThat(set(early, "bind", "*")).isEqualTo("OK");
            assertThat(answers("127.0.0.1", port)).isTrue();
            assertThat(answers("127.0.0.3", port)).isTrue();
            assertThat(TlsClient.outcome(certificates.client(CLIENT), secure)).isEqualTo("TLSv1.3");

            for (String wrong : List.of("203.0.113.1", "127.0.0.1 127.0.0.1")) {
                assertThat(set(early, "bind", wrong)).startsWith(REFUSED);
            }
            assertThat(set(early, "bind", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17"))
                    .endsWith("Too many bind addresses specified.");
            assertThat(early.configGet("bind")).containsEntry("bind", "*");
            assertThat(answers("127.0.0.3", port)).isTrue();
            assertThat(TlsClient.outcome(certificates.client(CLIENT), secure)).isEqualTo("TLSv1.3");

            int other = FreePort.next();
            assertThat(set(early, "bind", "127.0.0.1 -203.0.113.1", "port", "" + other))
                    .isEqualTo("OK");
            assertThat(answers("127.0.0.1", other)).isTrue();
            assertThat(answers("127.0.0.1", port)).isFalse();
            assertThat(answers("127.0.0.2", other)).isFalse();
            assertThat(set(early, "bind", "203.0.113.1", "port", "" + port)).startsWith(REFUSED);
            assertThat(answers("127.0.0.1", other)).isTrue();

            assertThat(set(early, "bind", "")).isEqualTo("OK");
            assertThat(answers("127.0.0.1", other)).isFalse();
            assertThat(set(early, "bind", "127.0.0.1", "port", "" + port)).isEqualTo("OK");
            assertThat(answers("127.0.0.1", port)).isTrue();
        }
    }
}
