package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TestTransport;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.SafeEncoder;

/** A process of our node or of a real redis-server, on a port and in a directory of its own. */
public final class ServerProcess implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Nobody waits five seconds for more replicas to come. */
    private static final List<String> NO_DELAY = List.of("--repl-diskless-sync-delay", "0");

    private final List<String> command;
    private final int port;
    private final Path directory;
    private final String password;
    private Process process;

    private ServerProcess(List<String> command, int port, Path directory, String password) {
        this.command = command;
        this.port = port;
        this.directory = directory;
        this.password = password;
    }

    /** Starts a "node", or a real one, as {@link #node} and {@link #redis} do. */
    public static ServerProcess of(String program, Path directory, String... arguments) {
        return program.equals("node") ? node(directory, arguments) : redis(directory, arguments);
    }

    /** Starts our node. */
    public static ServerProcess node(Path directory, String... arguments) {
        return node(List.of(), directory, arguments);
    }

    /** Starts our node with more options for the JVM. */
    public static ServerProcess node(List<String> options, Path directory, String... arguments) {
        List<String> command = nodeProgram(options);
        boolean file = arguments.length > 0 && !arguments[0].startsWith("--");
        if (file) { // it comes first
            command.add(arguments[0]);
        }
        command.addAll(TestTransport.flags());
        command.addAll(NO_DELAY);
        return start(command, directory, Arrays.copyOfRange(arguments, file ? 1 : 0, arguments.length));
    }

    private static List<String> nodeProgram(List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.redisreplication.node.server.Main"));
        return command;
    }

    /**
     * Starts a program with a file of settings as its first argument, which says its port and folder too. Skips the test as
     * {@link #redis} does.
     *
     * @param before words of the command before the program, such as one that gives it other names of hosts
     * @param program {@code node} or {@code redis}, with {@code -sentinel} behind it for a Sentinel
     * @param password what clients need, or null
     */
    public static ServerProcess configured(List<String> before, String program, Path file, int port, String password) {
        List<String> command = new ArrayList<>(before);
        if (program.startsWith("node")) {
            command.addAll(nodeProgram(List.of()));
        } else {
            String name = program.equals("redis") ? "redis-server" : program;
            needs(name);
            command.add(name);
        }
        command.add(file.toString());
        if (program.equals("node")) {
            command.addAll(TestTransport.flags());
        } else if (program.equals("node-sentinel")) {
            command.add("--sentinel");
        }
        try {
            ServerProcess server = new ServerProcess(command, port, file.getParent(), password);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts our node with the options for the JVM that the launcher gives it, and not more file descriptors than that; 0 for
     * as many as there are.
     */
    public static ServerProcess launched(Path directory, int descriptors, String... arguments) {
        List<String> command = new ArrayList<>();
        if (descriptors > 0) {
            command.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launcherOptions());
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.redisreplication.node.server.Main"));
        command.addAll(TestTransport.flags());
        command.addAll(NO_DELAY);
        return start(command, directory, arguments);
    }

    private static List<String> launcherOptions() {
        try {
            String script = Files.readString(Path.of("bin", "redis-node"));
            int from = script.indexOf("options=\"") + "options=\"".length();
            String options = script.substring(from, script.indexOf('"', from)).replace("\\\n", "");
            return List.of(options.split(" ", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a real redis-server, or skips the test where there is none (in CI that is a failure). */
    public static ServerProcess redis(Path directory, String... arguments) {
        needs("redis-server");
        List<String> command =
                new ArrayList<>(List.of("redis-server", "--maxmemory", "512mb", "--enable-debug-command", "yes"));
        command.addAll(NO_DELAY);
        return start(command, directory, arguments);
    }

    /** Starts a newer real server, such as {@code redis8-server} or {@code valkey-server}; skips the test where it is not there. */
    static ServerProcess peer(String program, Path directory, String... arguments) {
        Assumptions.assumeTrue(isThere(program), "needs " + program + " on the PATH");
        List<String> command = new ArrayList<>(List.of(program, "--enable-debug-command", "yes"));
        command.addAll(NO_DELAY);
        return start(command, directory, arguments);
    }

    /** As {@link #redis}, with a redis.conf. */
    public static ServerProcess redisOf(Path directory, Path file) {
        needs("redis-server");
        return start(new ArrayList<>(List.of("redis-server", file.toString())), directory);
    }

    /** Starts a real redis-sentinel with these lines as its file, or skips the test as {@link #redis} does. */
    public static ServerProcess sentinel(Path directory, String... lines) {
        needs("redis-sentinel");
        try {
            Files.createDirectories(directory);
            int port = FreePort.next();
            List<String> all = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + directory));
            all.addAll(List.of(lines));
            Path file = Files.write(directory.resolve("sentinel.conf"), all);
            ServerProcess sentinel =
                    new ServerProcess(List.of("redis-sentinel", file.toString()), port, directory, null);
            sentinel.start();
            return sentinel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void needs(String program) {
        boolean there = isThere(program);
        if (!there && "true".equals(System.getenv("CI"))) {
            fail(program + " is not on the PATH");
        }
        Assumptions.assumeTrue(there, "needs " + program + " on the PATH");
    }

    private static ServerProcess start(List<String> command, Path directory, String... arguments) {
        try {
            Files.createDirectories(directory);
            int port = FreePort.next();
            command.addAll(
                    List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
            command.addAll(List.of(arguments));
            if (!command.contains("--save")) {
                command.addAll(List.of("--save", ""));
            }
            int at = command.indexOf("--requirepass");
            ServerProcess server = new ServerProcess(command, port, directory, at < 0 ? null : command.get(at + 1));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it (again), with the same arguments. */
    public void start() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("server.log").toFile()))
                .start();
        Awaitility.await(this + " answers")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("it ended: " + log());
                    }
                    try (Jedis jedis = connect()) { // and it is this process, not another that got the port first
                        String info = jedis.info();
                        return info.contains("\r\nprocess_id:" + process.pid() + "\r\n")
                                && !info.contains("\r\nloading:1\r\n");
                    } catch (JedisConnectionException e) {
                        return false;
                    }
                });
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("server.log"), StandardCharsets.UTF_8);
    }

    public int port() {
        return port;
    }

    public Path directory() {
        return directory;
    }

    public Jedis connect() {
        DefaultJedisClientConfig.Builder config =
                DefaultJedisClientConfig.builder().timeoutMillis(30_000);
        if (password != null) {
            config.password(password);
        }
        return new Jedis(new HostAndPort("127.0.0.1", port), config.build());
    }

    /** One command; the reply as Jedis decodes it. Errors are thrown. */
    public Object call(String... words) {
        try (Jedis jedis = connect()) {
            return call(jedis, words);
        }
    }

    /** One command, on a thread of its own. */
    public CompletableFuture<Object> later(String... words) {
        return CompletableFuture.supplyAsync(
                () -> call(words), task -> Thread.ofPlatform().start(task));
    }

    /** Has this command be answered by an error that begins with {@code code}. */
    public void refuses(String code, String... words) {
        assertThatThrownBy(() -> call(words))
                .as(String.join(" ", words))
                .isInstanceOf(JedisDataException.class)
                .hasMessageStartingWith(code);
    }

    public static Object call(Jedis jedis, String... words) {
        ProtocolCommand name = () -> SafeEncoder.encode(words[0]);
        return text(jedis.sendCommand(name, Arrays.copyOfRange(words, 1, words.length)));
    }

    private static Object text(Object reply) {
        return switch (reply) {
            case byte[] bytes -> SafeEncoder.encode(bytes);
            case List<?> list -> list.stream().map(ServerProcess::text).toList();
            case null -> "(nil)";
            default -> reply;
        };
    }

    /** A reply of alternating names and values. */
    public Map<String, Object> map(String... words) {
        List<?> flat = (List<?>) call(words);
        Map<String, Object> map = new TreeMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            map.put((String) flat.get(i), flat.get(i + 1));
        }
        return map;
    }

    /** A field of INFO. */
    public String info(String field) {
        for (String line : ((String) call("INFO", "everything")).split("\r\n", -1)) {
            if (line.startsWith(field + ":")) {
                return line.substring(field.length() + 1);
            }
        }
        return "";
    }

    public long offset() {
        return Long.parseLong(info("master_repl_offset"));
    }

    /** Waits until it follows {@code master} and has everything it has. */
    public void awaitCaughtUp(ServerProcess master) {
        Awaitility.await(this + " caught up with " + master)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(JedisConnectionException.class) // see awaitInfo
                .until(() -> info("master_link_status").equals("up") && offset() == master.offset());
    }

    public void awaitInfo(String field, String value) {
        Awaitility.await(field + " of " + this)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                // A Sentinel that gives a node another role kills its clients, and this is one.
                .ignoreException(JedisConnectionException.class)
                .until(() -> info(field).equals(value));
    }

    /** SIGKILL: no chance to write anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    /** SIGTERM, and the end of the process. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("%s did not end within a minute of SIGTERM", this);
        }
    }

    /** SIGSTOP, and waits until every thread stands still. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        Awaitility.await(this + " stands still").atMost(PATIENCE).until(() -> {
            try (Stream<Path> all = Files.list(threads)) {
                return all.allMatch(ServerProcess::isStopped);
            }
        });
    }

    private static boolean isStopped(Path thread) {
        try {
            return Files.readString(thread.resolve("stat")).contains(") T ");
        } catch (IOException e) {
            return true; // it has ended meanwhile
        }
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Sends a signal, such as HUP. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).as("kill -%s", name).isZero();
    }

    /** Waits for its end; the exit status. */
    public int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("%s has ended", this)
                .isTrue();
        return process.exitValue();
    }

    public long pid() {
        return process.pid();
    }

    /** No file may grow beyond so many bytes, as on a full disk; "unlimited" ends it. */
    public void limitFiles(String bytes) throws IOException, InterruptedException {
        Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes + ":")
                .redirectErrorStream(true)
                .start();
        String said = new String(limit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(limit.waitFor()).as("prlimit: %s", said).isZero();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        String program = command.getFirst();
        return (program.startsWith("redis-") ? program : "node") + " " + port;
    }
}
