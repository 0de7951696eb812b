package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.net.Certificates.Who.CLIENT;
import static dev.redisreplication.node.net.Certificates.Who.SERVER;
import static dev.redisreplication.node.net.Certificates.Who.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.net.Certificates;
import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TlsClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** TLS as clients and administrators see it: the same on our node, by either provider, and on a real redis-server. */
class TlsTest {
    @TempDir
    static Path shared;

    private static Certificates certificates;

    @TempDir
    Path folder;

    @BeforeAll
    static void make() {
        certificates = Certificates.in(shared.resolve("tls"));
    }

    private ServerProcess start(String program, int tlsPort, String... more) {
        return start(program, certificates.flags(tlsPort, more));
    }

    private ServerProcess start(String program, String... flags) {
        return program.equals("node without the native library")
                ? ServerProcess.node(List.of("-Dio.netty.handler.ssl.noOpenSsl=true"), folder.resolve("server"), flags)
                : ServerProcess.of(program, folder.resolve("server"), flags);
    }

    private static String set(ServerProcess server, String... words) {
        List<String> all = new ArrayList<>(List.of("CONFIG", "SET"));
        all.addAll(List.of(words));
        try {
            return (String) server.call(all.toArray(String[]::new));
        } catch (JedisDataException e) {
            return e.getMessage()
                    .replaceFirst("^.*'\\) - ", "")
                    .replaceFirst("(logs\\.) \\(.*\\)$", "$1"); // the node says why, too
        }
    }

    /** What clients see may be a moment before the line. */
    private static void logged(ServerProcess server, String part) {
        Awaitility.await(part).until(() -> server.log().contains(part));
    }

    private static List<String> guests(int port) {
        return List.of(
                TlsClient.outcome(certificates.client(), port),
                TlsClient.outcome(certificates.client(CLIENT), port),
                TlsClient.outcome(certificates.client(STRANGER), port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node", "node without the native library"})
    void whoIsLetIn(String program) throws Exception {
        int port = FreePort.next();
        try (ServerProcess server = start(program, port)) {
            Map<String, List<String>> outcomes = new TreeMap<>();
            outcomes.put("first", guests(port));
            for (String clients : List.of("no", "optional", "yes")) {
                assertThat(set(server, "tls-auth-clients", clients)).isEqualTo("OK");
                outcomes.put(clients, guests(port));
            }
            assertThat(outcomes)
                    .isEqualTo(Map.of(
                            "first", List.of("refused", "TLSv1.3", "refused"),
                            "no", List.of("TLSv1.3", "TLSv1.3", "TLSv1.3"),
                            "optional", List.of("TLSv1.3", "TLSv1.3", "refused"),
                            "yes", List.of("refused", "TLSv1.3", "refused")));
            assertThat(TlsClient.outcome(certificates.mistrusting(CLIENT), port))
                    .isEqualTo("refused");

            assertThat(set(server, "tls-ca-cert-file", certificates.path("other-ca.crt")))
                    .isEqualTo("OK");
            assertThat(guests(port)).containsExactly("refused", "refused", "TLSv1.3");
            logged(server, "client connection: error:0A0000C7:SSL routines::peer did not return a certificate");
            logged(server, "client connection: error:0A000086:SSL routines::certificate verify failed");
            assertThat(server.call("PING")).isEqualTo("PONG");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node", "node without the native library"})
    void whatIsSpoken(String program) throws Exception {
        int port = FreePort.next();
        try (ServerProcess server = start(program, port, "--tls-protocols", "TLSv1.2")) {
            SSLContext guest = certificates.client(CLIENT);
            assertThat(TlsClient.outcome(guest, port)).isEqualTo("TLSv1.2");
            assertThat(TlsClient.outcome(guest, port, "TLSv1.3")).isEqualTo("refused");
            logged(server, "client connection: error:0A000102:SSL routines::unsupported protocol");

            assertThat(set(server, "tls-ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"))
                    .isEqualTo("OK");
            try (TlsClient client = new TlsClient(guest, port)) {
                assertThat(client.cipher()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            }
            assertThat(set(server, "tls-protocols", "TLSv1.3", "tls-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"))
                    .isEqualTo("OK");
            try (TlsClient client = new TlsClient(guest, port)) {
                assertThat(client.cipher()).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
                assertThat(client.line("PING")).isEqualTo("+PONG");
            }
            assertThat(TlsClient.outcome(guest, port, "TLSv1.2")).isEqualTo("refused");
            assertThat(set(server, "tls-protocols", "", "tls-ciphersuites", "")).isEqualTo("OK");
            assertThat(TlsClient.outcome(guest, port)).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void whatIsWrongIsRefusedAndTheOldStays(String program) throws Exception {
        int port = FreePort.next();
        try (ServerProcess server = start(program, port)) {
            Map<String, String> wrong = new TreeMap<>(Map.ofEntries(
                    Map.entry("tls-cert-file", "/none.crt"),
                    Map.entry("tls-key-file", certificates.path("client.key")),
                    Map.entry("tls-ca-cert-file", certificates.path("server.key")),
                    Map.entry("tls-protocols", "TLSv9"),
                    Map.entry("tls-ciphers", "nothing"),
                    Map.entry("tls-ciphersuites", "nothing"),
                    Map.entry("tls-dh-params-file", "/none.pem")));
            wrong.forEach((name, value) -> assertThat(set(server, name, value))
                    .as(name)
                    .isEqualTo("Unable to update TLS configuration. Check server logs."));
            assertThat(set(server, "tls-auth-clients", "perhaps"))
                    .isEqualTo("argument(s) must be one of the following: no, yes, optional");
            assertThat(server.log())
                    .contains("Failed to load certificate: /none.crt: error:80000002:system library::No such file")
                    .contains("Failed to load private key: " + certificates.path("client.key")
                            + ": error:05800074:x509 certificate routines::key values mismatch")
                    .contains("Failed to configure ciphers: nothing")
                    .contains("Failed to configure ciphersuites: nothing")
                    .contains("Invalid tls-protocols specified. Use a combination of")
                    .contains("Failed applying new configuration. Possibly related to new tls-protocols setting."
                            + " Restoring previous settings.");
            assertThat(server.map("CONFIG", "GET", "tls-*file"))
                    .containsEntry("tls-cert-file", certificates.path("server.crt"))
                    .containsEntry("tls-client-cert-file", "");
            assertThat(guests(port)).containsExactly("refused", "TLSv1.3", "refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void portsMove(String program) throws Exception {
        int first = FreePort.next();
        int second = FreePort.next();
        try (ServerProcess server = start(program, first)) {
            SSLContext guest = certificates.client(CLIENT);
            try (TlsClient early = new TlsClient(guest, first)) {
                assertThat(set(server, "tls-port", "" + second)).isEqualTo("OK");
                assertThat(TlsClient.outcome(guest, first)).isEqualTo("refused");
                assertThat(TlsClient.outcome(guest, second)).isEqualTo("TLSv1.3");
                assertThat(set(server, "tls-port", "" + server.port()))
                        .isEqualTo("Unable to listen on this port. Check server logs.");
                assertThat(TlsClient.outcome(guest, second)).isEqualTo("TLSv1.3");
                assertThat(server.info("tcp_port")).isEqualTo("" + server.port());

                assertThat(early.line("CONFIG SET port 0")).isEqualTo("+OK"); // it was accepted, and stays
                assertThatThrownBy(() -> server.call("PING")).isInstanceOf(JedisConnectionException.class);
                early.send("INFO server\r\n");
                String line = early.readLine();
                while (!line.startsWith("tcp_port:")) {
                    line = early.readLine();
                }
                assertThat(line).isEqualTo("tcp_port:" + second);
            }
            try (TlsClient late = new TlsClient(guest, second)) {
                assertThat(late.line("CONFIG SET port " + server.port() + " tls-port 0"))
                        .isEqualTo("+OK");
            }
            assertThat(server.call("PING")).isEqualTo("PONG");
            assertThat(TlsClient.outcome(guest, second)).isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void certificatesAreReadAnewUnderLoad(String program) throws Exception {
        Certificates own = Certificates.in(folder.resolve("tls"));
        int port = FreePort.next();
        try (ServerProcess server = start(program, own.flags(port))) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> load = CompletableFuture.supplyAsync(
                    () -> {
                        try (TlsClient client = new TlsClient(own.client(CLIENT), port)) {
                            int n = 0;
                            while (!over.get()) {
                                assertThat(client.line("INCR n")).isEqualTo(":" + ++n);
                            }
                            return n;
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> Thread.ofPlatform().start(task));
            for (int round = 0; round < 10; round++) {
                String before = own.serial(SERVER);
                own.renew(SERVER);
                try (TlsClient client = new TlsClient(own.client(CLIENT), port)) {
                    assertThat(client.serial()).isEqualTo(before);
                }
                assertThat(set(server, "tls-cert-file", own.path("server.crt"), "tls-key-file", own.path("server.key")))
                        .isEqualTo("OK");
                try (TlsClient client = new TlsClient(own.client(CLIENT), port)) {
                    assertThat(client.serial()).isEqualTo(own.serial(SERVER));
                }
            }
            over.set(true);
            assertThat(server.call("GET", "n"))
                    .isEqualTo("" + load.get(ServerProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node", "node without the native library"})
    void plainBytesEndCleanly(String program) throws Exception {
        int port = FreePort.next();
        try (ServerProcess server = start(program, port);
                Socket plain = new Socket("127.0.0.1", port)) {
            plain.setSoTimeout(60_000);
            plain.getOutputStream().write("*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer;
            try {
                answer = plain.getInputStream().readAllBytes();
            } catch (IOException e) { // it is reset, where bytes were left unread
                answer = new byte[0];
            }
            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("PONG");
            logged(server, "# Error accepting a client connection: error:0A00010B:SSL routines::wrong version number");
            assertThat(server.info("connected_clients")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void redisCliConnects(String program) throws Exception {
        int port = FreePort.next();
        try (ServerProcess server = start(program, port)) {
            assertThat(cli(port, certificates.ofRedisCli(CLIENT), "SET", "k", "by redis-cli"))
                    .isEqualTo("OK\n");
            assertThat(server.call("GET", "k")).isEqualTo("by redis-cli");
            assertThat(cli(port, certificates.ofRedisCli(), "PING")).doesNotContain("PONG");
            assertThat(cli(port, List.of(), "PING")).doesNotContain("PONG");
        }
    }

    private String cli(int port, List<String> flags, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", "" + port));
        command.addAll(flags);
        command.addAll(List.of(words));
        Path said = folder.resolve("said");
        Process cli = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(cli.waitFor(60, TimeUnit.SECONDS)).as("%s", command).isTrue();
        return Files.readString(said);
    }
}
