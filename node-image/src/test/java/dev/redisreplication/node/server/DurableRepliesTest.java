package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.command.Barrier;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.FaultyDisk;
import dev.redisreplication.node.disk.FaultyDisk.Fault;
import dev.redisreplication.node.disk.RealDisk;
import dev.redisreplication.node.net.TestTransport;
import dev.redisreplication.node.resp.NativeBuffer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** With {@code appendfsync always} a reply to a write leaves when the write is on the disk, and nothing else waits. */
class DurableRepliesTest {
    @TempDir
    private Path folder;

    private Path directory;
    private FaultyDisk disk;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        directory = Files.createDirectories(folder.resolve("node"));
        disk = new FaultyDisk(directory);
        server = start(disk);
    }

    @AfterEach
    void end() {
        disk.letForce();
        server.close();
    }

    private Server start(Disk on, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("--port", "0", "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        arguments.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--io-transport")) {
            arguments.addAll(TestTransport.flags());
        }
        Server started = Server.start(Server.settings(arguments.toArray(new String[0])), on);
        started.awaitReady();
        return started;
    }

    private Jedis connect() {
        return Clients.connect(server);
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void send(Socket to, String commands) throws IOException {
        to.getOutputStream().write(commands.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String receive(Socket from, int length) throws IOException {
        return new String(from.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static void awaitKey(Jedis reader, String key) {
        Awaitility.await(key).until(() -> reader.exists(key));
    }

    private static boolean isAnswered(Socket client) throws IOException {
        return client.getInputStream().available() > 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void aWriterWaitsAndAReaderDoesNot(String transport) throws Exception {
        TestTransport.needs(transport);
        server.close();
        server = start(disk, "--io-transport", transport);
        try (Socket writer = socket();
                Socket second = socket();
                Jedis reader = connect()) {
            String big = "x".repeat(3_000_000);
            reader.set("big", big);
            disk.holdForces();
            send(writer, "GET none\r\nSET a 1\r\nGET a\r\n");
            awaitKey(reader, "a");
            send(second, "SET b 2\r\n");
            awaitKey(reader, "b");
            send(writer, "GET big\r\nSET c 3\r\nPING\r\n");
            awaitKey(reader, "c");
            assertThat(reader.get("a"))
                    .as("what is not on disk yet can be read")
                    .isEqualTo("1");
            assertThat(isAnswered(writer)).isFalse();
            assertThat(isAnswered(second)).isFalse();
            disk.letForce();
            String all = "$-1\r\n+OK\r\n$1\r\n1\r\n$3000000\r\n" + big + "\r\n+OK\r\n+PONG\r\n";
            assertThat(receive(writer, all.length())).isEqualTo(all);
            assertThat(receive(second, 5)).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void oneForceCoversAllWhoWait() throws Exception {
        int clients = 50;
        List<Socket> all = new ArrayList<>();
        try (Jedis reader = connect()) {
            disk.holdForces();
            long before = disk.forces();
            for (int i = 0; i < clients; i++) {
                Socket socket = socket();
                all.add(socket);
                send(socket, "SET k" + i + " v\r\n");
            }
            awaitKey(reader, "k" + (clients - 1));
            Awaitility.await().until(() -> reader.dbSize() == clients);
            disk.letForce();
            for (Socket socket : all) {
                assertThat(receive(socket, 5)).isEqualTo("+OK\r\n");
            }
            assertThat(disk.forces() - before)
                    .as("one under way, one for the rest")
                    .isLessThanOrEqualTo(2);
        } finally {
            for (Socket socket : all) {
                socket.close();
            }
        }
    }

    @Test
    void whoeverWaitsIsClosedWhenTheForceFailsAndWritesAreRefusedUntilTheDataAreSafe() throws Exception {
        try (Socket writer = socket();
                Jedis reader = connect()) {
            reader.set("before", "1");
            disk.holdForces();
            send(writer, "SET lost 1\r\n");
            awaitKey(reader, "lost");
            disk.failAt(1, Fault.FROM_THEN_ON);
            disk.letForce();
            assertThat(writer.getInputStream().read())
                    .as("closed without a reply")
                    .isEqualTo(-1);
            assertThatThrownBy(() -> reader.set("a", "1")).hasMessageStartingWith("MISCONF Errors writing to the AOF");
            assertThat(reader.info("persistence")).contains("aof_last_write_status:err");
            assertThat(reader.get("before")).isEqualTo("1");
            disk.mend();
            Awaitility.await().ignoreExceptions().until(() -> reader.set("after", "1")
                    .equals("OK"));
            assertThat(reader.info("persistence")).contains("aof_last_write_status:ok");
        }
        Path crashed = Files.createDirectories(folder.resolve("crashed"));
        disk.afterCrash(crashed);
        directory = crashed;
        try (Server again = start(new RealDisk());
                Jedis jedis = Clients.connect(again)) {
            assertThat(jedis.mget("before", "after")).containsExactly("1", "1");
        }
    }

    @Test
    void afterAFailedWriteNothingIsAcknowledgedAndTheRestIsWrittenLater() throws Exception {
        try (Jedis writer = connect();
                Jedis reader = connect()) {
            writer.set("before", "1");
            disk.failAt(1, Fault.FROM_THEN_ON);
            assertThatThrownBy(() -> writer.set("unknown", "1")).isInstanceOf(JedisConnectionException.class);
            assertThatThrownBy(() -> reader.set("a", "1")).hasMessageStartingWith("MISCONF");
            assertThatThrownBy(() -> reader.bgrewriteaof()).hasMessageContaining("Can't execute an AOF background");
            assertThat(reader.info("persistence")).contains("aof_last_bgrewrite_status:err");
            disk.mend();
            Awaitility.await().ignoreExceptions().until(() -> reader.set("after", "1")
                    .equals("OK"));
        }
    }

    @Test
    void noMoreWaitsForTheDiskThanTheBacklogHolds() throws Exception {
        try (Jedis writer = connect();
                Jedis reader = connect()) {
            writer.set("before", "1");
            disk.failAt(1, Fault.FROM_THEN_ON);
            String big = "x".repeat(3_000_000);
            assertThatThrownBy(() -> writer.set("big", big)).isInstanceOf(JedisConnectionException.class);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(reader.info("persistence")).contains("aof_buffer_length:0\r"));
            assertThatThrownBy(() -> reader.set("a", "1")).hasMessageStartingWith("MISCONF");
            disk.mend();
            Awaitility.await().ignoreExceptions().until(() -> reader.set("after", "1")
                    .equals("OK"));
        }
        Path crashed = Files.createDirectories(folder.resolve("crashed"));
        disk.afterCrash(crashed);
        directory = crashed;
        try (Server again = start(new RealDisk());
                Jedis jedis = Clients.connect(again)) {
            assertThat(jedis.mget("before", "after")).containsExactly("1", "1");
            assertThat(jedis.strlen("big")).isEqualTo(3_000_000);
        }
    }

    @Test
    void aReplyThatWaitsLeavesWhenItNeedNotWaitAnyMore() throws Exception {
        try (Socket writer = socket();
                Jedis admin = connect()) {
            disk.holdForces();
            send(writer, "SET a 1\r\nQUIT\r\n");
            awaitKey(admin, "a");
            assertThat(isAnswered(writer)).isFalse();
            admin.configSet("appendfsync", "everysec");
            assertThat(receive(writer, 10)).isEqualTo("+OK\r\n+OK\r\n");
            assertThat(writer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void messagesToAClientThatWaitsComeInTheirOrder() throws Exception {
        try (Socket listener = socket();
                Jedis other = connect()) {
            send(listener, "HELLO 3\r\nSUBSCRIBE news\r\n");
            String subscribed = ">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n";
            for (String said = ""; !said.endsWith(subscribed); ) {
                said += receive(listener, 1);
            }
            disk.holdForces();
            send(listener, "SET a 1\r\n");
            awaitKey(other, "a");
            Thread publisher = Thread.ofPlatform().start(() -> {
                try (Jedis jedis = connect()) {
                    jedis.publish("news", "hello");
                }
            });
            Awaitility.await().until(() -> other.info("commandstats").contains("cmdstat_publish:calls=1"));
            assertThat(isAnswered(listener)).isFalse();
            disk.letForce();
            String all = "+OK\r\n>3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n";
            assertThat(receive(listener, all.length())).isEqualTo(all);
            publisher.join();
        }
    }

    /** The log is safe up to an offset that a test says. */
    private final class SafeTo implements Barrier.Condition {
        private volatile long offset;
        private volatile Runnable look = () -> {};

        @Override
        public long safe() {
            look.run();
            return offset;
        }

        @Override
        public String broken() {
            return null;
        }

        void safeTo(long next) {
            offset = next;
            server.loop().execute(server.loop()::wantRound);
        }
    }

    private SafeTo nothingIsSafe() {
        SafeTo condition = new SafeTo();
        server.loop().execute(() -> server.node().barrier().add(condition));
        return condition;
    }

    private <T> T onLoop(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, server.loop()::execute).join();
    }

    private long offset() {
        return onLoop(() -> server.node().effects().offset());
    }

    @Test
    void aReplyDoesNotLeaveWithTheOneBeforeIt() throws Exception {
        SafeTo condition = nothingIsSafe();
        try (Socket writer = socket();
                Jedis reader = connect()) {
            send(writer, "SET a 1\r\n");
            awaitKey(reader, "a");
            long first = offset();
            condition.look = () -> { // the force is over in the very round in which the next write comes
                if (server.node().effects().offset() > first) {
                    condition.offset = first;
                }
            };
            send(writer, "SET b 1\r\n");
            assertThat(receive(writer, 5)).isEqualTo("+OK\r\n");
            assertThat(isAnswered(writer)).isFalse();
            condition.look = () -> {};
            condition.safeTo(Long.MAX_VALUE);
            assertThat(receive(writer, 5)).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void aClientThatGoesWhenItIsAnsweredTakesNobodyWithIt() throws Exception {
        SafeTo condition = nothingIsSafe();
        try (Socket goes = socket();
                Socket stays = socket();
                Jedis reader = connect()) {
            send(goes, "SET a 1\r\nQUIT\r\n");
            awaitKey(reader, "a");
            long first = offset();
            send(stays, "SET b 1\r\n");
            awaitKey(reader, "b");
            condition.safeTo(first);
            assertThat(receive(goes, 10)).isEqualTo("+OK\r\n+OK\r\n");
            assertThat(goes.getInputStream().read()).isEqualTo(-1);
            condition.safeTo(Long.MAX_VALUE);
            assertThat(receive(stays, 5)).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void aForceThatFailedIsOverWithTheNewBaseAndNotWhenItBegins() {
        try (Jedis client = connect()) {
            client.configSet("appendfsync", "no");
            client.set("a", "1");
            String meanwhile = onLoop(() -> {
                Persistence persistence = server.replication().persistence();
                disk.failAt(1, Fault.ONCE);
                assertThat(persistence.shutdown(false)).isEqualTo("Input/output error");
                assertThat(persistence.rewriteNow()).isTrue();
                return persistence.problem();
            });
            assertThat(meanwhile).isEqualTo("Input/output error");
            Awaitility.await().ignoreExceptions().until(() -> client.set("b", "1")
                    .equals("OK"));
        }
    }

    @Test
    void aRoundThatWritesMuchIsNoSlowDisk() {
        String problem = onLoop(() -> {
            try (NativeBuffer command = new NativeBuffer(4096)) {
                command.put("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$3000000\r\n" + "x".repeat(3_000_000) + "\r\n");
                server.node().effects().append(0, command.address(), command.readable());
            }
            Persistence persistence = server.replication().persistence();
            persistence.cron();
            return persistence.problem();
        });
        assertThat(problem).isNull();
    }
}
