package dev.redisreplication.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.Certificates;
import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.replication.system.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS command lines for the real redis-cli and for ours, at a real server and at our node: equal output, errors and status. */
class CliTlsDifferentialTest {
    @TempDir
    Path folder;

    private Certificates certificates;

    private record Seen(String out, List<String> errors, int status) {}

    private Seen run(List<String> program, List<String> arguments) throws Exception {
        List<String> line = new ArrayList<>(program);
        line.addAll(arguments);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(line)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int status = process.waitFor();
        // The real one tries twice, and then says twice what is wrong. Whether a server that refuses a certificate
        // resets the
        // connection or closes it is a matter of luck.
        List<String> errors = Files.readString(err, StandardCharsets.ISO_8859_1)
                .lines()
                .map(each -> each.replace("Connection reset by peer", "Server closed the connection")
                        .replace("Broken pipe", "Server closed the connection"))
                .distinct()
                .toList();
        return new Seen(Files.readString(out, StandardCharsets.ISO_8859_1), errors, status);
    }

    private Seen real(List<String> arguments) throws Exception {
        return run(List.of("redis-cli"), arguments);
    }

    private Seen ours(List<String> arguments) throws Exception {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.redisreplication.node.cli.Main");
        return run(java, arguments);
    }

    private Seen compare(int port, String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-p", Integer.toString(port)));
        for (String word : words) {
            arguments.add(
                    word.matches("(no)?[a-z-]+\\.(crt|key)|folder")
                            ? certificates.path(word)
                            : word.replace("PORT", Integer.toString(port)));
        }
        Seen seen = ours(arguments);
        assertThat(seen).as(String.join(" ", words)).isEqualTo(real(arguments));
        return seen;
    }

    private void prepare() throws IOException {
        certificates = Certificates.in(folder.resolve("tls"));
        // The name by which OpenSSL looks for an authority in a folder.
        Path hashed = Files.createDirectories(folder.resolve("tls").resolve("folder"));
        Path authority = Path.of(certificates.path("ca.crt"));
        Files.copy(authority, hashed.resolve(hash(authority) + ".0"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String hash(Path certificate) throws IOException {
        Process openssl =
                new ProcessBuilder("openssl", "x509", "-noout", "-hash", "-in", certificate.toString()).start();
        return new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
    }

    @Test
    void theRealServer() throws Exception {
        prepare();
        int port = FreePort.next();
        try (ServerProcess server = ServerProcess.redis(folder.resolve("server"), certificates.flags(port))) {
            whatBothServersHave(port);
            compare(port, "--tls", "ping");
            compare(port, "--tls", "--cacert", "nowhere.crt", "ping");
            compare(port, "--tls", "--cacert", "client.key", "ping");
            compare(port, "--tls", "--cacert", "ca.crt", "--cert", "nowhere.crt", "ping");
            compare(port, "--tls", "--cacert", "ca.crt", "--cert", "client.crt", "--key", "stranger.key", "ping");
            compare(port, "--tls", "--cacert", "ca.crt", "--key", "nowhere.key", "ping");
            compare(port, "--tls", "--cacert", "ca.crt", "--tls-ciphers", "nonsense", "ping");
            compare(port, "--tls", "--cacert", "ca.crt", "--tls-ciphersuites", "nonsense", "ping");
            compare(1, "--tls", "--cacert", "nowhere.crt", "ping");
            compare(port, "--tls", "--cacert");
            server.call("CONFIG", "SET", "tls-protocols", "TLSv1.2", "tls-ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256");
            compare(port, "--tls", "--cacert", "ca.crt", "--tls-ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384", "ping");
        }
    }

    @Test
    void ourNode() throws Exception {
        prepare();
        int port = FreePort.next();
        try (ServerProcess server = ServerProcess.node(folder.resolve("server"), certificates.flags(port))) {
            whatBothServersHave(port);
            assertThat(server.call("PING")).isEqualTo("PONG");
        }
    }

    private void whatBothServersHave(int port) throws Exception {
        String[] client = {"--cacert", "ca.crt", "--cert", "client.crt", "--key", "client.key"};
        assertThat(compare(port, with(client, "--tls", "set", "key", "value")).out())
                .isEqualTo("OK\n");
        compare(
                port,
                with(
                        client,
                        "--tls",
                        "--sni",
                        "server.example",
                        "--tls-ciphersuites",
                        "TLS_AES_128_GCM_SHA256",
                        "get",
                        "key"));
        compare(port, with(client, "-u", "rediss://nobody:p%40ss@127.0.0.1:PORT/3", "ping"));
        compare(
                port,
                "--tls",
                "--insecure",
                "--cacertdir",
                "folder",
                "--cert",
                "client.crt",
                "--key",
                "client.key",
                "ping");
        assertThat(compare(port, "--tls", "--cacert", "ca.crt", "ping").errors())
                .containsExactly("Error: Server closed the connection");
        assertThat(compare(port, "--tls", "--cacert", "other-ca.crt", "ping").errors())
                .containsExactly("Could not connect to Redis at 127.0.0.1:" + port
                        + ": SSL_connect failed: certificate verify failed");
    }

    private static String[] with(String[] first, String... then) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(then));
        return all.toArray(String[]::new);
    }
}
