package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** What clients make a node hold must not end it. In a process of its own, with the heap that the launcher gives. */
class HostileClientsTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends {@code text} {@code times} over, many of them at once. */
    private static void send(OutputStream out, String text, int times) throws IOException {
        int together = 10_000;
        byte[] many = bytes(text.repeat(together));
        for (int i = 0; i < times / together; i++) {
            out.write(many);
        }
        out.write(bytes(text.repeat(times % together)));
        out.flush();
    }

    private static Socket socket(ServerProcess node) throws IOException {
        Socket socket = new Socket("127.0.0.1", node.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** A figure of the client's line of CLIENT LIST; -1 when there is no such client. */
    private static long figure(Jedis watcher, Socket client, String field) {
        String address = "127.0.0.1:" + client.getLocalPort();
        for (String line : watcher.clientList().split("\n", -1)) {
            Matcher figure = Pattern.compile(" " + field + "=(\\d+) ").matcher(line);
            if (line.contains(" addr=" + address + " ") && figure.find()) {
                return Long.parseLong(figure.group(1));
            }
        }
        return -1;
    }

    private static boolean isGone(Jedis watcher, Socket client) {
        return figure(watcher, client, "fd") < 0;
    }

    @Test
    void argumentsOfUnfinishedCommandsLieOutsideOfTheHeap() throws Exception {
        int clients = 32;
        int arguments = 900_000;
        String argument = "$1\r\na\r\n";
        List<Socket> hostile = new ArrayList<>();
        try (ServerProcess node = ServerProcess.launched(folder, 0)) {
            for (int i = 0; i < clients; i++) {
                Socket socket = socket(node);
                hostile.add(socket);
                OutputStream out = socket.getOutputStream();
                out.write(bytes("*1000001\r\n"));
                send(out, argument, arguments);
            }
            try (Jedis jedis = node.connect()) {
                for (Socket socket : hostile) {
                    Awaitility.await("all of it has come")
                            .atMost(ServerProcess.PATIENCE)
                            .until(() -> figure(jedis, socket, "qbuf") == 10 + (long) arguments * argument.length());
                }
                assertThat(Long.parseLong(node.info("mem_clients_normal")))
                        .isGreaterThan((long) clients * arguments * argument.length());
                assertThat(jedis.set("k", "v")).isEqualTo("OK");
                // One of them goes on to the end, and the command is what it was to be.
                OutputStream out = hostile.getFirst().getOutputStream();
                send(out, argument, 1_000_001 - arguments);
                assertThat(line(hostile.getFirst().getInputStream())).startsWith("-ERR unknown command 'a'");
            }
        } finally {
            for (Socket socket : hostile) {
                socket.close();
            }
        }
    }

    @Test
    void anAnnouncedArgumentTakesMemoryAsItComes() throws Exception {
        try (ServerProcess node = ServerProcess.launched(folder, 0);
                Socket client = socket(node);
                Jedis watcher = node.connect()) {
            OutputStream out = client.getOutputStream();
            out.write(bytes("*2\r\n$4\r\nECHO\r\n$100000000\r\n"));
            send(out, "x", MIB);
            Awaitility.await().until(() -> figure(watcher, client, "qbuf") > MIB);
            assertThat(figure(watcher, client, "tot-mem")).isLessThan(5 * MIB);
            send(out, "x", 100_000_000 - MIB);
            out.write(bytes("\r\n"));
            InputStream in = client.getInputStream();
            assertThat(line(in)).isEqualTo("$100000000");
            in.skipNBytes(100_000_002);
            Awaitility.await().until(() -> figure(watcher, client, "tot-mem") < 5000);
        }
    }

    @Test
    void aClosedWindowDoesNotKeepWhatOverflowed() throws Exception {
        try (ServerProcess node = ServerProcess.launched(folder, 0);
                Socket client = socket(node);
                Jedis watcher = node.connect()) {
            watcher.set("v", "x".repeat(4 * MIB));
            send(client.getOutputStream(), "*2\r\n$3\r\nGET\r\n$1\r\nv\r\n", 2);
            Awaitility.await("replies are under way").until(() -> figure(watcher, client, "oll") > 0);
            watcher.configSet("client-output-buffer-limit", "normal 20000000 0 0");
            client.getOutputStream().write(bytes("*201\r\n$4\r\nMGET\r\n" + "$1\r\nv\r\n".repeat(200)));
            Awaitility.await("it is closed").atMost(ServerProcess.PATIENCE).until(() -> isGone(watcher, client));
            assertThat(Long.parseLong(node.info("used_memory_peak"))).isLessThan(100L * MIB);
        }
    }

    @Test
    void queuedCommandsAreCountedAndDoNotFillTheHeap() throws Exception {
        try (ServerProcess node = ServerProcess.launched(folder, 0);
                Socket client = socket(node);
                Jedis watcher = node.connect()) {
            int commands = 300_000;
            client.getOutputStream().write(bytes("MULTI\r\n"));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    send(client.getOutputStream(), "*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n", commands);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            InputStream in = new BufferedInputStream(client.getInputStream(), MIB);
            assertThat(line(in)).isEqualTo("+OK");
            for (int i = 0; i < commands; i++) {
                assertThat(line(in)).isEqualTo("+QUEUED");
            }
            sender.join();
            assertThat(figure(watcher, client, "multi-mem")).isGreaterThan(commands * 20L);
            assertThat(figure(watcher, client, "multi")).isEqualTo(commands);
            client.getOutputStream().write(bytes("EXEC\r\n"));
            assertThat(line(in)).isEqualTo("*" + commands);
            for (int i = 1; i <= commands; i++) {
                assertThat(line(in)).isEqualTo(":" + i);
            }
            assertThat(figure(watcher, client, "multi-mem")).isZero();
        }
    }

    @Test
    void whoTakesMostIsEvictedAndWhoIsProtectedStays() throws Exception {
        try (ServerProcess node = ServerProcess.launched(folder, 0, "--maxmemory-clients", "20mb");
                Socket greedy = socket(node);
                Socket modest = socket(node);
                Jedis watcher = node.connect()) {
            watcher.sendCommand(() -> bytes("CLIENT"), "NO-EVICT", "ON");
            modest.getOutputStream().write(bytes("*2\r\n$4\r\nECHO\r\n$4000000\r\n"));
            send(modest.getOutputStream(), "x", 3 * MIB);
            Awaitility.await().until(() -> figure(watcher, modest, "qbuf") >= 3 * MIB);
            greedy.getOutputStream().write(bytes("*2\r\n$4\r\nECHO\r\n$400000000\r\n"));
            assertThatThrownBy(() -> {
                        send(greedy.getOutputStream(), "x", 39 * MIB);
                        if (line(greedy.getInputStream()).isEmpty()) {
                            throw new IOException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(isGone(watcher, greedy)).isTrue();
            assertThat(isGone(watcher, modest)).isFalse();
            assertThat(node.info("evicted_clients")).isEqualTo("1");
            assertThat(node.log()).contains("Evicting client: ");

            watcher.configSet("maxmemory", "100mb");
            watcher.configSet("maxmemory-clients", "1%");
            Awaitility.await("the limit is lower now").until(() -> isGone(watcher, modest));
            assertThat(watcher.configGet("maxmemory-clients")).isEqualTo(Map.of("maxmemory-clients", "1%"));
        }
    }

    @Test
    void unreadRepliesAreAListOfBuffersWithTrueFigures() throws Exception {
        int length = 700_000;
        int replies = 60;
        try (ServerProcess node = ServerProcess.launched(folder, 0);
                Socket slow = socket(node);
                Jedis watcher = node.connect()) {
            watcher.set("v", "x".repeat(length));
            send(slow.getOutputStream(), "*2\r\n$3\r\nGET\r\n$1\r\nv\r\n", replies);
            Awaitility.await("replies wait")
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> figure(watcher, slow, "omem") > 20 * MIB);
            assertThat(figure(watcher, slow, "oll")).isGreaterThan(10);
            assertThat(figure(watcher, slow, "tot-mem")).isGreaterThan(figure(watcher, slow, "omem"));
            InputStream in = slow.getInputStream();
            for (int i = 0; i < replies; i++) {
                assertThat(line(in)).isEqualTo("$" + length);
                byte[] value = in.readNBytes(length + 2);
                assertThat(value).startsWith('x', 'x').endsWith('x', '\r', '\n');
            }
            Awaitility.await("all is given back").until(() -> figure(watcher, slow, "omem") == 0);

            watcher.configSet("client-output-buffer-limit", "normal 10000000 0 0");
            send(slow.getOutputStream(), "*2\r\n$3\r\nGET\r\n$1\r\nv\r\n", replies);
            Awaitility.await("it is closed").atMost(ServerProcess.PATIENCE).until(() -> isGone(watcher, slow));
            assertThat(node.log()).contains("for overcoming of output buffer limits");
        }
    }

    @Test
    void oneReplyBeyondTheLimitIsNeverHeldWhole() throws Exception {
        try (ServerProcess node = ServerProcess.launched(folder, 0);
                Socket client = socket(node);
                Jedis watcher = node.connect()) {
            watcher.set("v", "x".repeat(MIB));
            watcher.configSet("client-output-buffer-limit", "normal 5000000 0 0");
            client.getOutputStream().write(bytes("*201\r\n$4\r\nMGET\r\n" + "$1\r\nv\r\n".repeat(200)));
            Awaitility.await("it is closed").atMost(ServerProcess.PATIENCE).until(() -> isGone(watcher, client));
            assertThat(Long.parseLong(node.info("used_memory_peak"))).isLessThan(80L * MIB);
            assertThat(watcher.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void namesOfClientsAreBounded() throws Exception {
        List<Jedis> clients = new ArrayList<>();
        try (ServerProcess node = ServerProcess.launched(folder, 0)) {
            String name = "n".repeat(MIB - 100);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 400; i++) {
                            Jedis jedis = node.connect();
                            clients.add(jedis);
                            jedis.clientSetname(name);
                        }
                    })
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageContaining("no memory for another");
            Jedis last = clients.getLast();
            assertThat(last.clientList().length())
                    .as("which is not built on the heap")
                    .isGreaterThan(100 * MIB);
            clients.getFirst().clientSetname("");
            assertThat(last.clientSetname(name)).isEqualTo("OK");
        } finally {
            clients.forEach(Jedis::close);
        }
    }

    @Test
    void oneClientTooManyIsToldSoWhereDescriptorsAreFew() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (ServerProcess node = ServerProcess.launched(folder, 250)) {
            assertThat(node.log())
                    .containsPattern("Current maximum open files is 250\\. maxclients has been reduced to \\d+");
            int most = Integer.parseInt(node.info("maxclients"));
            for (int i = 0; i < 400; i++) {
                sockets.add(socket(node));
            }
            int unsure = 10; // the connections of this test's own INFO may not have been closed yet
            for (Socket socket : sockets.subList(0, most - unsure)) {
                socket.getOutputStream().write(bytes("PING\r\n"));
                assertThat(line(socket.getInputStream())).isEqualTo("+PONG");
            }
            for (Socket socket : sockets.subList(most, sockets.size())) {
                assertThat(line(socket.getInputStream())).isEqualTo("-ERR max number of clients reached");
            }
            for (Socket socket : sockets) {
                socket.close();
            }
            // It may hear of a new one before it hears that the old ones are gone.
            Awaitility.await().atMost(ServerProcess.PATIENCE).ignoreExceptions().untilAsserted(() -> {
                try (Jedis jedis = node.connect()) {
                    assertThat(jedis.ping()).isEqualTo("PONG");
                }
            });
            assertThat(node.log().lines().count()).isLessThan(50);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void withoutAnyDescriptorItWaitsUntilThereIsOne() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit");
        List<Socket> sockets = new ArrayList<>();
        // Not io_uring, which goes by the limit at its start.
        try (ServerProcess node = ServerProcess.launched(folder, 0, "--io-transport", "epoll")) {
            node.info("role"); // its classes are there now
            long open;
            try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(node.pid()), "fd"))) {
                open = all.count();
            }
            assertThat(new ProcessBuilder("prlimit", "--pid", Long.toString(node.pid()), "--nofile=" + (open + 3))
                            .start()
                            .waitFor())
                    .isZero();
            for (int i = 0; i < 20; i++) {
                sockets.add(socket(node));
            }
            Awaitility.await().until(() -> node.log().contains("Accepting client connection: "));
            Socket last = sockets.removeLast();
            last.getOutputStream().write(bytes("PING\r\n"));
            for (Socket socket : sockets) {
                socket.close();
            }
            assertThat(line(last.getInputStream())).isEqualTo("+PONG");
            last.close();
            assertThat(node.log().lines().count()).isLessThan(50);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
