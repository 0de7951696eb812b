package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** How a server ends when it is told to: each scenario is played with our node and with the real one. */
class GracefulEndTest {
    private static final String FAILED = "ERR Errors trying to SHUTDOWN. Check logs.";

    @TempDir
    Path folder;

    private ServerProcess start(String program, String name, String... arguments) {
        return ServerProcess.of(program, folder.resolve(name), arguments);
    }

    private ServerProcess replica(String program, ServerProcess master) {
        ServerProcess replica = start(program, "replica", "--replicaof", "127.0.0.1 " + master.port());
        replica.awaitCaughtUp(master);
        return replica;
    }

    private static void shutsDownInVain(CompletableFuture<Object> shutdown) {
        assertThatThrownBy(() -> shutdown.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(JedisDataException.class)
                .hasMessage(FAILED);
    }

    private static void awaitLog(ServerProcess server, String text) {
        Awaitility.await(text).atMost(ServerProcess.PATIENCE).until(() -> server.log()
                .contains(text));
    }

    private static void refused(ServerProcess server, String message, String... words) {
        assertThatThrownBy(() -> server.call(words)).as(String.join(" ", words)).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void nothingIsLostThatAStoppedReplicaHasStillToRead(String program) throws Exception {
        try (ServerProcess master = start(program, "master", "--shutdown-timeout", "60");
                ServerProcess replica = replica("node", master)) {
            replica.pause();
            master.call("SET", "large", "x".repeat(20_000_000));
            master.signal("TERM");
            awaitLog(master, "Waiting for replicas before shutting down.");
            replica.resume();
            assertThat(master.awaitEnd()).isZero();
            assertThat(master.log()).contains("1 of 1 replicas are in sync when shutting down.");
            assertThat(replica.call("STRLEN", "large")).isEqualTo(20_000_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void writesWaitWhileItEndsAndGoOnAfterAnAbort(String program) throws Exception {
        try (ServerProcess master = start(program, "master", "--shutdown-timeout", "600");
                ServerProcess replica = replica("redis", master)) {
            refused(master, "ERR No shutdown in progress.", "SHUTDOWN", "ABORT");
            for (String wrong : new String[] {"NOW ABORT", "SAVE NOSAVE", "SAVE SAVE NO", "ABORT FORCE"}) {
                refused(master, "ERR syntax error", ("SHUTDOWN " + wrong).split(" ", -1));
            }
            replica.pause();
            master.call("SET", "a", "1");
            CompletableFuture<Object> first = master.later("SHUTDOWN");
            master.awaitInfo("blocked_clients", "1");
            CompletableFuture<Object> second = master.later("SHUTDOWN", "NOW"); // joins the one that waits
            master.awaitInfo("blocked_clients", "2");
            CompletableFuture<Object> write = master.later("SET", "a", "2");
            master.awaitInfo("blocked_clients", "3");
            assertThat((String) master.call("CLIENT", "LIST")).containsPattern("flags=b .*cmd=shutdown");
            assertThat((String) master.call("CLIENT", "LIST")).containsPattern("flags=b .*cmd=set");
            assertThat(master.call("CLIENT", "UNPAUSE")).isEqualTo("OK"); // is about CLIENT PAUSE only
            assertThat(master.info("blocked_clients")).isEqualTo("3");
            assertThat(master.call("GET", "a")).isEqualTo("1");

            assertThat(master.call("SHUTDOWN", "ABORT")).isEqualTo("OK");
            shutsDownInVain(first);
            shutsDownInVain(second);
            assertThat(write.get(60, TimeUnit.SECONDS)).isEqualTo("OK");
            assertThat(master.info("blocked_clients")).isEqualTo("0");
            assertThat(master.log()).contains("Shutdown manually aborted.");

            // Whoever asked may leave: the shutdown goes on.
            try (Jedis jedis = master.connect()) {
                long id = jedis.clientId();
                CompletableFuture<Void> asks = CompletableFuture.runAsync(
                        () -> ServerProcess.call(jedis, "SHUTDOWN"),
                        task -> Thread.ofPlatform().start(task));
                master.awaitInfo("blocked_clients", "1");
                master.call("CLIENT", "KILL", "ID", Long.toString(id));
                assertThatThrownBy(asks::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(JedisConnectionException.class);
            }
            CompletableFuture<Object> held = master.later("SET", "a", "3");
            master.awaitInfo("blocked_clients", "1");
            replica.resume();
            assertThat(master.awaitEnd()).isZero();
            assertThatThrownBy(held::join).hasCauseInstanceOf(JedisConnectionException.class);
            assertThat(replica.call("GET", "a")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void whatMayBeMissingIsSaidWhenTheTimeIsOver(String program) throws Exception {
        try (ServerProcess master = start(program, "master", "--shutdown-timeout", "1");
                ServerProcess replica = replica("redis", master)) {
            replica.pause();
            master.call("SET", "a", "1");
            master.signal("TERM");
            master.signal("TERM");
            assertThat(master.awaitEnd()).isZero();
            assertThat(master.log())
                    .containsPattern("Lagging replica 127.0.0.1:" + replica.port()
                            + " reported offset \\d+ behind master, lag=\\d+, state=online\\.")
                    .contains("0 of 1 replicas are in sync when shutting down.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void nowDoesNotWaitNorDoesASignalThatIsToldSo(String program) throws Exception {
        try (ServerProcess master = start(program, "master", "--shutdown-timeout", "600");
                ServerProcess replica = replica("redis", master)) {
            replica.pause();
            master.call("SET", "a", "1");
            assertThatThrownBy(() -> master.call("SHUTDOWN", "NOW")).isInstanceOf(JedisConnectionException.class);
            assertThat(master.awaitEnd()).isZero();
            replica.resume();
            master.start();
            replica.awaitCaughtUp(master);
            replica.pause();
            master.call("SET", "a", "1");
            master.call("CONFIG", "SET", "shutdown-on-sigterm", "now nosave");
            master.signal("TERM");
            assertThat(master.awaitEnd()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void aNodeWhoseLastSaveFailsGoesOn(String program) throws Exception {
        try (ServerProcess server = start(program, "server", "--save", "3600 1")) {
            Path dump = server.directory().resolve("dump.rdb");
            Files.createDirectories(dump.resolve("in the way"));
            server.call("SET", "a", "1");
            server.signal("TERM");
            awaitLog(server, "can't exit");
            refused(server, FAILED, "SHUTDOWN");
            assertThat(server.call("GET", "a")).isEqualTo("1");
            assertThat(server.info("blocked_clients")).isEqualTo("0");
            refused(server, "ERR No shutdown in progress.", "SHUTDOWN", "ABORT");
            assertThatThrownBy(() -> server.call("SHUTDOWN", "SAVE", "FORCE"))
                    .isInstanceOf(JedisConnectionException.class);
            assertThat(server.awaitEnd()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void hangUpIsIgnoredAndTheSecondInterruptEndsAtOnce(String program) throws Exception {
        try (ServerProcess master = start(program, "master", "--shutdown-timeout", "600");
                ServerProcess replica = replica("redis", master)) {
            master.signal("HUP");
            replica.pause();
            master.call("SET", "a", "1"); // it lives
            master.signal("INT");
            awaitLog(master, "Waiting for replicas before shutting down.");
            master.signal("INT");
            assertThat(master.awaitEnd()).isEqualTo(1);
            assertThat(master.log()).contains("You insist... exiting now.");
        }
    }

    /** A replica in the middle of a chain holds its own master's stream back, lest its replicas never have all. */
    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void aReplicaWaitsForItsOwnReplicas(String program) throws Exception {
        try (ServerProcess top = start("redis", "top");
                ServerProcess middle = start(
                        program, "middle", "--replicaof", "127.0.0.1 " + top.port(), "--shutdown-timeout", "60")) {
            middle.awaitCaughtUp(top);
            try (ServerProcess leaf = replica("redis", middle)) {
                leaf.pause();
                top.call("SET", "a", "1");
                middle.awaitCaughtUp(top);
                middle.signal("TERM");
                awaitLog(middle, "Waiting for replicas before shutting down.");
                long stands = middle.offset();
                top.call("SET", "b", "1");
                top.call("WAIT", "1", "300");
                assertThat(middle.offset()).isEqualTo(stands);
                leaf.resume();
                assertThat(middle.awaitEnd()).isZero();
                assertThat(leaf.call("GET", "a")).isEqualTo("1");
                assertThat(leaf.call("GET", "b")).isEqualTo("(nil)");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void itsFilesAreRemoved(String program) throws IOException, InterruptedException {
        Path pid = folder.resolve("pid");
        Path socket = folder.resolve("s");
        try (ServerProcess server =
                start(program, "server", "--pidfile", pid.toString(), "--unixsocket", socket.toString())) {
            assertThat(pid).exists();
            assertThat(socket).exists();
            server.stop();
            assertThat(pid).doesNotExist();
            assertThat(socket).doesNotExist();
        }
    }
}
