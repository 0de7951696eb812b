package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** A replica that does not read its dump: what waits for it is bounded, and the log says why it is cut off. */
class SlowReplicaDifferentialTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private ServerProcess master(String program, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--repl-ping-replica-period", "3600", "--rdbcompression", "no"));
        ServerProcess master = ServerProcess.of(program, folder.resolve("master"), arguments.toArray(String[]::new));
        for (int i = 0; i < 30; i++) {
            write(master, "data:" + i); // more than the kernel takes
        }
        return master;
    }

    private static void write(ServerProcess to, String key) {
        try (Jedis jedis = to.connect()) {
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < 1024; i++) {
                pipeline.set(key + ":" + i, "x".repeat(1000));
            }
            pipeline.sync();
        }
    }

    /** Asks for everything, and reads nothing of it. */
    private static Socket unread(ServerProcess master) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), master.port()));
        send(socket, "REPLCONF listening-port 7999 capa eof capa psync2\r\n");
        assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("+OK\r\n");
        send(socket, "PSYNC ? -1\r\n");
        return socket;
    }

    private static void send(Socket to, String line) throws IOException {
        to.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    }

    private static void awaitTransfer(ServerProcess master) {
        Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> master.log()
                .contains("Background RDB transfer started by pid"));
        assertThat(master.info("connected_slaves")).isEqualTo("1");
    }

    private static void awaitLog(ServerProcess master, String words) {
        Awaitility.await().atMost(ServerProcess.PATIENCE).untilAsserted(() -> assertThat(master.log())
                .contains(words));
        master.awaitInfo("connected_slaves", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void theHardLimitEndsASync(String program) throws IOException {
        try (ServerProcess master = master(
                        program, "--client-output-buffer-limit", "replica 4mb 0 0", "--repl-backlog-size", "1mb");
                Socket replica = unread(master)) {
            assertThat(replica.isConnected()).isTrue();
            awaitTransfer(master);
            long most = 0;
            for (int i = 0; i < 16; i++) {
                write(master, "more:" + i);
                most = Math.max(most, Long.parseLong(master.info("mem_total_replication_buffers")));
            }
            awaitLog(master, "for overcoming of output buffer limits.");
            assertThat(most).isLessThan(8 * MEGABYTE);
            Awaitility.await() // only the backlog is left
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> Long.parseLong(master.info("mem_total_replication_buffers")) < 2 * MEGABYTE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void theSoftLimitEndsASyncAfterItsTime(String program) throws IOException {
        try (ServerProcess master = master(
                        program, "--client-output-buffer-limit", "replica 0 1mb 1", "--repl-backlog-size", "64kb");
                Socket replica = unread(master)) {
            assertThat(replica.isConnected()).isTrue();
            awaitTransfer(master);
            write(master, "more");
            write(master, "most");
            awaitLog(master, "for overcoming of output buffer limits.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void aReplicaThatTakesNothingOfItsDumpIsCutOff(String program) throws IOException {
        try (ServerProcess master = master(program, "--repl-timeout", "2");
                Socket replica = unread(master)) {
            assertThat(replica.isConnected()).isTrue();
            awaitTransfer(master);
            awaitLog(master, "Disconnecting timedout replica (full sync): 127.0.0.1:7999");
        }
    }
}
