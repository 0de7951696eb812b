package dev.redisreplication.node.server;

import static dev.redisreplication.node.server.Clients.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.command.Shutdown;
import dev.redisreplication.node.disk.RealDisk;
import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TestTransport;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;

/** What is there after a kill and a restart: logging that was switched on late, times to live, flushed data. */
class KeptDataTest {
    @TempDir
    private Path folder;

    private final List<Server> running = new ArrayList<>();

    @AfterEach
    void end() {
        running.forEach(KeptDataTest::kill);
    }

    private Server start(Path directory, String... more) throws Exception {
        Files.createDirectories(directory);
        List<String> arguments =
                new ArrayList<>(List.of("--bind", "127.0.0.1", "--dir", directory.toString(), "--hz", "100"));
        arguments.addAll(TestTransport.flags());
        arguments.addAll(List.of(more));
        if (!arguments.contains("--save")) {
            arguments.addAll(List.of("--save", ""));
        }
        if (!arguments.contains("--port")) {
            arguments.addAll(List.of("--port", "0"));
        }
        Server server = Server.start(Server.settings(arguments.toArray(new String[0])), new RealDisk());
        running.add(server);
        server.awaitReady();
        return server;
    }

    private static void kill(Server server) {
        server.loop().execute(() -> {
            server.loop().stopListening();
            List.copyOf(server.node().clients().all()).forEach(client -> client.close("killed"));
        });
        server.loop().stop();
        server.loop().awaitEnd();
    }

    private void killed(Server server) {
        running.remove(server);
        kill(server);
    }

    private static String info(Jedis jedis, String field) {
        return jedis.info("everything")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static void awaitRewrite(Jedis jedis) {
        Awaitility.await()
                .until(() -> info(jedis, "aof_rewrite_in_progress").equals("0")
                        && info(jedis, "aof_rewrite_scheduled").equals("0"));
        assertThat(info(jedis, "aof_last_bgrewrite_status")).isEqualTo("ok");
    }

    private static void awaitOver(long moment) {
        Awaitility.await().until(() -> System.currentTimeMillis() > moment + 1);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void loggingThatIsSwitchedOnLateLogs() throws Exception {
        Server node = start(folder.resolve("node"));
        try (Jedis jedis = connect(node)) {
            jedis.set("before", "1");
            String first = info(jedis, "master_replid");
            jedis.configSet("appendonly", "yes");
            awaitRewrite(jedis);
            jedis.set("a", "1");
            assertThat(info(jedis, "master_replid"))
                    .as("what came before was not logged")
                    .isNotEqualTo(first);
            assertThat(Long.parseLong(info(jedis, "master_repl_offset"))).isPositive();
        }
        killed(node);
        try (Jedis jedis = connect(start(folder.resolve("node"), "--appendonly", "yes"))) {
            assertThat(jedis.mget("before", "a")).containsExactly("1", "1");
        }
    }

    @Test
    void nothingIsLoggedWhileNobodyNeedsIt() throws Exception {
        Server node = start(folder.resolve("node"), "--appendonly", "yes");
        try (Jedis jedis = connect(node)) {
            jedis.set("a", "1");
            jedis.configSet("appendonly", "no");
            String offset = info(jedis, "master_repl_offset");
            jedis.set("a", "2");
            assertThat(info(jedis, "master_repl_offset")).isEqualTo(offset);
            jedis.save();
        }
        assertThat(Files.readString(folder.resolve("node/dump.rdb"), StandardCharsets.ISO_8859_1))
                .as("no position stands for data that were changed without the log")
                .doesNotContain("repl-id");
    }

    @Test
    void loggingIsSwitchedOnAfterTheDumpThatIsBeingMade() throws Exception {
        Server node = start(folder.resolve("node"));
        try (Jedis jedis = connect(node);
                Socket socket = new Socket("127.0.0.1", node.port())) {
            jedis.set("a", "1");
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("BGSAVE\r\nCONFIG SET appendonly yes\r\nBGREWRITEAOF\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String expected =
                    "+Background saving started\r\n+OK\r\n+Background append only file rewriting scheduled\r\n";
            assertThat(new String(socket.getInputStream().readNBytes(expected.length()), StandardCharsets.US_ASCII))
                    .isEqualTo(expected);
            assertThat(info(jedis, "aof_enabled")).isEqualTo("1");
            awaitRewrite(jedis);
            jedis.set("b", "2");
        }
        killed(node);
        try (Jedis jedis = connect(start(folder.resolve("node"), "--appendonly", "yes"))) {
            assertThat(jedis.mget("a", "b")).containsExactly("1", "2");
        }
    }

    @Test
    void aRewriteWithoutLoggingMakesABase() throws Exception {
        Server node = start(folder.resolve("node"));
        try (Jedis jedis = connect(node)) {
            jedis.set("a", "1");
            assertThat(jedis.bgrewriteaof()).isEqualTo("Background append only file rewriting started");
            awaitRewrite(jedis);
            assertThat(names(folder.resolve("node/appendonlydir")))
                    .containsExactly("appendonly.aof.1.base.rdb", "appendonly.aof.manifest");
        }
        killed(node);
        try (Jedis jedis = connect(start(folder.resolve("node"), "--appendonly", "yes"))) {
            assertThat(jedis.get("a")).isEqualTo("1");
        }
    }

    @Test
    void aRewriteInATransactionWaitsForItsEnd() throws Exception {
        Server node = start(folder.resolve("node"), "--appendonly", "yes");
        try (Jedis jedis = connect(node)) {
            Transaction transaction = jedis.multi();
            transaction.set("a", "1");
            transaction.sendCommand(() -> "BGREWRITEAOF".getBytes(StandardCharsets.US_ASCII), new String[0]);
            transaction.sendCommand(() -> "BGSAVE".getBytes(StandardCharsets.US_ASCII), new String[0]);
            transaction.set("b", "2");
            assertThat(transaction.exec().stream()
                            .map(reply -> reply instanceof byte[] bytes
                                    ? new String(bytes, StandardCharsets.US_ASCII)
                                    : reply.toString())
                            .toList())
                    .contains("Background append only file rewriting scheduled", "Background saving scheduled");
            awaitRewrite(jedis);
            jedis.set("c", "3");
        }
        killed(node);
        try (Jedis jedis = connect(start(folder.resolve("node"), "--appendonly", "yes"))) {
            assertThat(jedis.mget("a", "b", "c")).containsExactly("1", "2", "3");
        }
    }

    @Test
    void timesToLiveComeBackFromTheAppendOnlyFile() throws Exception {
        Path directory = folder.resolve("node");
        Server node = start(directory, "--appendonly", "yes");
        long end;
        try (Jedis jedis = connect(node)) {
            do { // until the second comes while there is time left
                jedis.del("k");
                jedis.incr("k");
                end = System.currentTimeMillis() + 300;
                jedis.pexpireAt("k", end);
            } while (jedis.incr("k") != 2);
        }
        killed(node);
        awaitOver(end);
        Server again = start(directory, "--appendonly", "yes");
        try (Jedis jedis = connect(again)) {
            assertThat(jedis.incr("k")).isEqualTo(1);
            assertThat(jedis.pttl("k")).isEqualTo(-1);
        }
        killed(again);
        Path last = directory.resolve("appendonlydir/appendonly.aof.1.incr.aof");
        assertThat(Files.readString(last, StandardCharsets.ISO_8859_1)).containsPattern("DEL\r\n\\$1\r\nk\r\n");
        try (Jedis jedis = connect(start(directory, "--appendonly", "yes"))) {
            assertThat(jedis.get("k")).isEqualTo("1");
        }
    }

    @Test
    void whatExpiresOverARestartIsInTheStream() throws Exception {
        String port = Integer.toString(FreePort.next());
        Server master = start(folder.resolve("master"), "--port", port, "--repl-diskless-sync-delay", "0");
        Server replica = start(folder.resolve("replica"), "--replicaof", "127.0.0.1 " + port);
        long end;
        try (Jedis jedis = connect(master);
                Jedis copy = connect(replica)) {
            Awaitility.await().until(() -> info(copy, "master_link_status").equals("up"));
            end = System.currentTimeMillis() + 2000;
            jedis.set("cnt", "5");
            jedis.pexpireAt("cnt", end);
            jedis.set("last", "1");
            Awaitility.await().until(() -> copy.exists("last"));
            jedis.save();
        }
        killed(master);
        awaitOver(end);
        Server again = start(folder.resolve("master"), "--port", port);
        try (Jedis jedis = connect(again);
                Jedis copy = connect(replica)) {
            Awaitility.await().until(() -> info(copy, "master_link_status").equals("up"));
            assertThat(jedis.incr("cnt")).isEqualTo(1);
            Awaitility.await().until(() -> "1".equals(copy.get("cnt")));
            assertThat(info(jedis, "sync_partial_ok")).isEqualTo("1");
        }
    }

    @Test
    void flushedKeysDoNotComeBackFromTheDump() throws Exception {
        Path directory = folder.resolve("node");
        Server node = start(directory, "--save", "3600 1000000");
        try (Jedis jedis = connect(node)) {
            jedis.set("a", "b");
            jedis.save();
            jedis.flushAll();
        }
        killed(node);
        try (Jedis jedis = connect(start(directory, "--save", "3600 1000000"))) {
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void whatACrashLeftIsRemovedAndWhatMayBeSomebodysDataStays() throws Exception {
        Path directory = folder.resolve("node");
        killed(start(directory, "--appendonly", "yes"));
        Path files = directory.resolve("appendonlydir");
        Path manifest = files.resolve("appendonly.aof.manifest");
        Files.writeString(
                manifest,
                "file past.base.rdb seq 1 type h\nfile appendonly.aof.1.incr.aof seq 1 type h\n"
                        + Files.readString(manifest));
        Files.writeString(files.resolve("past.base.rdb"), "past");
        for (String left : List.of(
                "appendonly.aof.7.base.rdb",
                "appendonly.aof.8.incr.aof",
                "temp-rewriteaof-1.rdb",
                "temp-appendonly.aof.manifest",
                "temp-rewriteaof-bg-7.aof")) {
            Files.writeString(files.resolve(left), "left");
        }
        Files.writeString(files.resolve("appendonly.aof.0.incr.aof"), "older");
        Files.writeString(files.resolve("other.aof.9.incr.aof"), "of somebody else");
        Server node = start(directory, "--appendonly", "yes");
        assertThat(names(files))
                .containsExactly(
                        "appendonly.aof.0.incr.aof",
                        "appendonly.aof.1.base.rdb",
                        "appendonly.aof.1.incr.aof",
                        "appendonly.aof.manifest",
                        "other.aof.9.incr.aof");
        assertThat(Files.readString(manifest))
                .as("named as data, too, so not deleted")
                .doesNotContain("type h");
        killed(node);
    }

    @Test
    void filesThatLostTheirManifestStayOverEveryRestart() throws Exception {
        Path directory = folder.resolve("node");
        Server node = start(directory, "--appendonly", "yes");
        try (Jedis jedis = connect(node)) {
            jedis.set("only", "here");
        }
        killed(node);
        Path files = directory.resolve("appendonlydir");
        byte[] data = Files.readAllBytes(files.resolve("appendonly.aof.1.incr.aof"));
        Files.delete(files.resolve("appendonly.aof.manifest"));
        for (int i = 0; i < 3; i++) {
            Server next = start(directory, "--appendonly", "yes");
            try (Jedis jedis = connect(next)) {
                jedis.set("other", "1");
                jedis.bgrewriteaof();
                awaitRewrite(jedis);
            }
            killed(next);
        }
        assertThat(Files.readAllBytes(files.resolve("appendonly.aof.1.incr.aof")))
                .isEqualTo(data);
    }

    /** Each as redis-server 7.0 takes it. */
    @Test
    void commandsOfAFileAreTakenAsRedisTakesThem() throws Exception {
        assertThat(load("tooMany", "*3\r\n$4\r\nINCR\r\n$1\r\na\r\n$1\r\nb\r\n"))
                .containsExactly("2", null, "3");
        assertThat(
                        load(
                                "multi",
                                "*2\r\n$5\r\nMULTI\r\n$1\r\nx\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n*1\r\n$4\r\nEXEC\r\n"))
                .containsExactly("1", "2", "3");
        assertThat(load("odd", "*4\r\n$4\r\nMSET\r\n$1\r\nb\r\n$1\r\n2\r\n$1\r\nd\r\n"))
                .containsExactly("1", null, "3");
        for (String bad : List.of("*0\r\n", "*-1\r\n", "*2\r\n$4\r\nNONO\r\n$1\r\nb\r\n", "*1\r\n$4\r\nINCR\r\n")) {
            assertThatThrownBy(() -> load("bad" + bad.length() + bad.charAt(1), bad))
                    .as(bad)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken at byte 27");
        }
    }

    private List<String> load(String name, String middle) throws Exception {
        Path directory = folder.resolve(name);
        Path files = Files.createDirectories(directory.resolve("appendonlydir"));
        Files.writeString(
                files.resolve("appendonly.aof.1.incr.aof"),
                "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n" + middle + "*3\r\n$3\r\nSET\r\n$1\r\nc\r\n$1\r\n3\r\n");
        Files.writeString(files.resolve("appendonly.aof.manifest"), "file appendonly.aof.1.incr.aof seq 1 type i\n");
        try (Jedis jedis = connect(start(directory, "--appendonly", "yes"))) {
            return jedis.mget("a", "b", "c");
        }
    }

    @Test
    void aWriteThatComesWhileTheNodeEndsIsNotAcknowledged() throws Exception {
        Path directory = folder.resolve("node");
        Server node = start(directory, "--save", "3600 1");
        try (Socket writer = new Socket("127.0.0.1", node.port())) {
            writer.setSoTimeout(60_000);
            writer.getOutputStream().write("SET a 1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(writer.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("+OK\r\n");
            CountDownLatch saving = new CountDownLatch(1);
            CountDownLatch sent = new CountDownLatch(1);
            node.loop().execute(() -> {
                saving.countDown();
                try {
                    sent.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                node.ending().begin(Shutdown.Options.NONE);
            });
            saving.await();
            writer.getOutputStream().write("SET a 2\r\n".getBytes(StandardCharsets.US_ASCII));
            sent.countDown();
            assertThat(writer.getInputStream().read())
                    .as("closed without a reply")
                    .isEqualTo(-1);
        }
        killed(node);
        try (Jedis jedis = connect(start(directory, "--save", "3600 1"))) {
            assertThat(jedis.get("a")).isEqualTo("1");
        }
    }

    @Test
    void aDumpThatIsReceivedBeforeTheFirstBaseReplacesWhatAnEarlierLogLeft() throws Exception {
        Path directory = folder.resolve("node");
        Server earlier = start(directory, "--appendonly", "yes");
        try (Jedis jedis = connect(earlier)) {
            jedis.set("a", "1");
        }
        killed(earlier);
        Server node = start(directory);
        try (Jedis jedis = connect(node)) {
            List<String> before = names(directory.resolve("appendonlydir"));
            jedis.set("b", "1");
            jedis.save();
            CompletableFuture.runAsync(
                            () -> {
                                Persistence persistence = node.replication().persistence();
                                node.node().effects().begin(); // as in a transaction: the base has to wait
                                node.node().settings().change(Map.of("appendonly", "yes"));
                                node.node().effects().end();
                                persistence.adopt(persistence.dumpFile());
                            },
                            node.loop()::execute)
                    .join();
            awaitRewrite(jedis);
            assertThat(names(directory.resolve("appendonlydir")))
                    .hasSize(3)
                    .filteredOn(name -> !name.endsWith(".manifest"))
                    .doesNotContainAnyElementsOf(before);
        }
        killed(node);
        try (Jedis jedis = connect(start(directory, "--appendonly", "yes"))) {
            assertThat(jedis.mget("a", "b")).containsExactly(null, "1");
        }
    }
}
