package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.differential.RealRedis;
import dev.redisreplication.node.net.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password is bytes, UTF-8 or not, whatever the locale of the process; strings here stand for bytes (ISO-8859-1). */
class PasswordBytesTest {
    private static final String NOT_UTF8 = "p\u00e4ss\u00ff\u0080w";
    private static final String UTF8 =
            new String("pässw€w".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    @TempDir
    private Path folder;

    private Process process;
    private int port;

    @AfterEach
    void stop() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void fromTheEnvironment() throws Exception {
        for (String password : List.of(NOT_UTF8, UTF8)) {
            start("REDIS_NODE_REQUIREPASS=" + printf(password) + " exec ", "");
            takes(password);
            stop();
        }
    }

    @Test
    void fromAnArgument() throws Exception {
        for (String password : List.of(NOT_UTF8, UTF8)) {
            start("exec ", " --requirepass " + printf(password));
            takes(password);
            stop();
        }
    }

    @Test
    void fromAFileAndThroughConfigSetAndRewrite() throws Exception {
        Path file = folder.resolve("redis.conf");
        Files.write(file, ("# gr\u00fc\u00dfe\nrequirepass " + NOT_UTF8 + "\n").getBytes(StandardCharsets.ISO_8859_1));
        start("exec ", "", file);
        takes(NOT_UTF8);
        String next = "\u00fe " + UTF8 + "\u0001\"";
        assertThat(ask(NOT_UTF8, "CONFIG", "SET", "requirepass", next)).isEqualTo("+OK");
        assertThat(ask(next, "CONFIG", "GET", "requirepass")).endsWith(next);
        assertThat(ask(next, "CONFIG", "REWRITE")).isEqualTo("+OK");
        stop();
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).startsWith("# gr\u00fc\u00dfe\n");
        start("exec ", "", file);
        takes(next);
        assertThat(ask(next, "HELLO", "2", "AUTH", "default", next)).startsWith("*");
    }

    @Test
    void towardsAMaster() throws Exception {
        RealRedis.assumeInstalled();
        try (RealRedis master = RealRedis.start()) {
            int nodePort = port;
            port = master.port();
            assertThat(ask(null, "CONFIG", "SET", "requirepass", NOT_UTF8)).isEqualTo("+OK");
            port = nodePort;
            start("exec ", " --masterauth " + printf(NOT_UTF8) + " --replicaof '127.0.0.1 " + master.port() + "'");
            Awaitility.await("the link to the master is up")
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> ask(null, "INFO", "replication").contains("master_link_status:up"));
        }
    }

    private void takes(String password) throws IOException {
        assertThat(ask(null, "PING")).startsWith("-NOAUTH");
        assertThat(ask(password, "PING")).isEqualTo("+PONG");
    }

    /** A word of the shell that gives these bytes. */
    private static String printf(String latin) {
        StringBuilder octal = new StringBuilder("\"$(printf '");
        latin.chars().forEach(c -> octal.append(String.format("\\%03o", c)));
        return octal.append("')\"").toString();
    }

    private void start(String before, String after, Path... file) throws IOException {
        port = FreePort.next();
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp \"$TEST_PATH\"",
                "dev.redisreplication.node.server.Main"));
        for (Path f : file) {
            words.add(f.toString());
        }
        words.add("--port " + port + " --bind 127.0.0.1 --save '' --dir " + folder);
        // The shell gets a file, as Java could not hand it any bytes as an argument either.
        Path script = Files.writeString(
                folder.resolve("start.sh"), before + String.join(" ", words) + after + "\n", StandardCharsets.US_ASCII);
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment()
                .put(
                        "TEST_PATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        process = builder.start();
        Awaitility.await("the node listens").atMost(ServerProcess.PATIENCE).until(() -> {
            assertThat(process.isAlive()).as("see " + folder.resolve("log")).isTrue();
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Sends a command, after AUTH if there is a password; what came back is cut to its last line, or is whole for a bulk. */
    private String ask(String password, String... words) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            if (password != null) {
                send(socket, "AUTH", password);
                if (!line(in).equals("+OK")) {
                    return "not authenticated";
                }
            }
            send(socket, words);
            String first = line(in);
            if (first.startsWith("*2")) { // CONFIG GET
                bulk(in, line(in));
                return bulk(in, line(in));
            }
            return first.startsWith("$") ? bulk(in, first) : first;
        }
    }

    private static String bulk(DataInputStream in, String header) throws IOException {
        byte[] bytes = in.readNBytes(Integer.parseInt(header.substring(1)));
        line(in);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void send(Socket socket, String... words) throws IOException {
        StringBuilder frame = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            frame.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        socket.getOutputStream().write(frame.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String line(DataInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
