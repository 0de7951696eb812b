package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.TestResolver;
import dev.redisreplication.node.net.TestTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link that does not come about: however it fails, and on every transport, the next try follows. */
class NoLinkTest {
    private static final int TRIES = 4;

    @TempDir
    Path folder;

    private Path names;

    @BeforeEach
    void makeNames() throws IOException {
        names = Files.createDirectory(folder.resolve("names"));
    }

    private ServerProcess start(String... arguments) {
        return ServerProcess.node(List.of(TestResolver.option(names)), folder.resolve("node"), arguments);
    }

    private void name(String host, String address) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), address);
        Files.move(next, names.resolve(host), StandardCopyOption.ATOMIC_MOVE);
    }

    private int lookUps(String host) throws IOException {
        Path asked = names.resolve("asked");
        return Files.exists(asked)
                ? (int) Files.readString(asked).lines().filter(host::equals).count()
                : 0;
    }

    private static int count(ServerProcess server, String part) throws IOException {
        return server.log().split(Pattern.quote(part), -1).length - 1;
    }

    private static void awaitTries(ServerProcess node, String master) {
        Awaitility.await("tries to reach " + master)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> count(node, "onnecting to MASTER " + master) >= TRIES);
    }

    private static String line(ServerProcess node, String... parts) throws IOException {
        return node.log()
                .lines()
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .findFirst()
                .orElse("");
    }

    /** Follows a name until several tries have failed, and a last time, which finds a master. */
    private void fails(ServerProcess node, ServerProcess master, String host, int port, String cause)
            throws IOException {
        String address = host + ":" + port;
        assertThat(node.call("REPLICAOF", host, Integer.toString(port))).isEqualTo("OK");
        awaitTries(node, address);
        assertThat(line(node, cause, "(master " + address))
                .as(node.log())
                .isNotEmpty()
                .doesNotContain("failed with error", "(..)", "Exception", "/127");
        // Nothing is left of the attempts.
        assertThat(node.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port())))
                .isEqualTo("OK");
        node.awaitCaughtUp(master);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void everyWayToFailEndsInTheNextTry(String transport) throws Exception {
        TestTransport.needs(transport);
        for (String host : List.of("refused", "closing", "silent", "full")) {
            name(host, "127.0.0.1");
        }
        name("broadcast", "255.255.255.255");
        name("several", "255.255.255.255\n127.0.0.2\n127.0.0.1");
        try (ServerProcess master = ServerProcess.redis(folder.resolve("master"));
                ServerProcess node = start("--io-transport", transport, "--repl-timeout", "1");
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> closeEach(closing));
            fails(node, master, "refused", 1, "Connection refused");
            fails(node, master, "unknown", 1, "Name or service not known");
            fails(node, master, "broadcast", 1, "Error condition on socket for SYNC");
            fails(node, master, "several", 1, "Connection refused");
            fails(node, master, "closing", closing.getLocalPort(), "Master did not respond");
            fails(node, master, "silent", silent.getLocalPort(), "Timeout connecting to the MASTER");
            List<Socket> waiting = fill(full);
            try {
                fails(node, master, "full", full.getLocalPort(), "Timeout connecting to the MASTER");
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
            // An exception before there is a socket that could connect.
            node.call("CONFIG", "SET", "bind-source-addr", "192.0.2.1");
            node.call("REPLICAOF", "127.0.0.1", "1");
            awaitTries(node, "127.0.0.1:1");
            assertThat(line(node, "Cannot assign requested address", "(master 127.0.0.1:1"))
                    .isNotEmpty();
            node.call("CONFIG", "SET", "bind-source-addr", "");
            node.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
            node.awaitCaughtUp(master);
        }
    }

    /** Some addresses of a name lead nowhere: one that refuses, one that cannot be reached, one that does not answer. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void allAddressesOfANameAreTriedInTurn(String transport) throws Exception {
        TestTransport.needs(transport);
        try (ServerProcess master = ServerProcess.redis(folder.resolve("master"));
                ServerSocket full = new ServerSocket()) {
            full.bind(new InetSocketAddress("127.0.0.3", master.port()), 1);
            List<Socket> waiting = fill(full);
            name("the-master", "127.0.0.2\n255.255.255.255\n127.0.0.3\n127.0.0.1\n127.0.0.2");
            try (ServerProcess node = start(
                    "--io-transport", transport, "--repl-timeout", "5", "--replicaof", "the-master " + master.port())) {
                node.awaitCaughtUp(master);
                assertThat(lookUps("the-master")).isEqualTo(1);
                assertThat(count(node, "MASTER <-> REPLICA sync started")).isEqualTo(1);
                assertThat(node.log()).doesNotContain("Error condition", "Timeout connecting");
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
        }
    }

    private static void closeEach(ServerSocket server) {
        try {
            while (true) {
                server.accept().close();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /** Connects until the kernel takes no more. */
    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> all = new ArrayList<>();
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
                all.add(socket);
            } catch (IOException e) {
                socket.close();
                return all;
            }
        }
    }

    @Test
    void aNameIsLookedUpAtEachTryAndMayHaveAnotherAddress() throws Exception {
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"));
                ServerProcess replica = start("--replicaof", "the-master " + master.port())) {
            awaitTries(replica, "the-master");
            assertThat(lookUps("the-master")).isGreaterThanOrEqualTo(TRIES - 1); // the last one may still go on
            name("the-master", "127.0.0.1");
            replica.awaitCaughtUp(master);
            // It disappears together with its name, and its name comes back with another address.
            int before = lookUps("the-master");
            Files.delete(names.resolve("the-master"));
            master.kill();
            Awaitility.await("look-ups")
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> lookUps("the-master") >= before + TRIES);
            try (ServerSocket other = new ServerSocket()) {
                other.bind(new InetSocketAddress("127.0.0.2", master.port()));
                name("the-master", "127.0.0.2");
                other.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
                other.accept().close();
            }
            name("the-master", "127.0.0.1");
            master.start();
            replica.awaitCaughtUp(master);
            assertThat(replica.call("REPLICAOF", "the-master", Integer.toString(master.port())))
                    .isEqualTo("OK Already connected to specified master");
        }
    }

    @Test
    void aLookUpThatTakesLongStopsNothingElse() throws Exception {
        Files.writeString(names.resolve("hold"), "");
        try (ServerProcess master = ServerProcess.node(folder.resolve("master"));
                ServerProcess node = start()) {
            assertThat(node.call("REPLICAOF", "slow", Integer.toString(master.port())))
                    .isEqualTo("OK");
            Awaitility.await("a look-up").atMost(ServerProcess.PATIENCE).until(() -> lookUps("slow") > 0);
            for (int i = 0; i < 100; i++) {
                assertThat(node.call("PING")).isEqualTo("PONG");
            }
            assertThat(node.info("master_link_status")).isEqualTo("down");
            assertThat(node.call("REPLICAOF", "NO", "ONE")).isEqualTo("OK");
            assertThat(node.call("SET", "a", "1")).isEqualTo("OK");
            node.call("REPLICAOF", "slow", Integer.toString(master.port()));
            name("slow", "127.0.0.1");
            Files.delete(names.resolve("hold"));
            node.awaitCaughtUp(master);
            // What was asked first has its answer now, and nobody wants it any more.
            assertThat(master.info("connected_slaves")).isEqualTo("1");
        }
    }
}
