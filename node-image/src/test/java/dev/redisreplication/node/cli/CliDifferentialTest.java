package dev.redisreplication.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.differential.RealRedis;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same command lines for the real redis-cli and for ours, at one server: equal output, errors and status. */
class CliDifferentialTest {
    private static RealRedis redis;

    @TempDir
    private Path dir;

    private record Seen(String out, String err, int status) {}

    @BeforeAll
    static void start() throws IOException {
        RealRedis.assumeInstalled();
        redis = RealRedis.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (redis != null) {
            redis.close();
        }
    }

    private Seen run(List<String> program, String input, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of("-p", Integer.toString(redis.port())));
        line.addAll(List.of(arguments));
        Path out = dir.resolve("out");
        Path err = dir.resolve("err");
        Process process = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // It ends without reading: the status tells whether that is right.
        }
        int status = process.waitFor();
        return new Seen(
                Files.readString(out, StandardCharsets.ISO_8859_1),
                Files.readString(err, StandardCharsets.ISO_8859_1),
                status);
    }

    private void compare(String input, String... arguments) throws Exception {
        Seen real = run(List.of("redis-cli"), input, arguments);
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.redisreplication.node.cli.Main");
        assertThat(run(java, input, arguments)).as(String.join(" ", arguments)).isEqualTo(real);
    }

    @Test
    void formatsAreThoseOfTheRealOne() throws Exception {
        String values = "return {1, 'x', {2, {3, 'y\\r\\n\\1\\255'}}, redis.status_reply('fine')}";
        for (String format : List.of("--raw", "--no-raw", "--csv")) {
            compare("", format, "eval", values, "0");
        }
        compare("", "eval", "return {}", "0", "--no-raw");
        compare("", "--no-raw", "lrange", "nothing", "0", "-1");
        compare("", "--no-raw", "get", "nothing");
        compare("", "nonsense");
        compare("", "-e", "nonsense");
        compare("", "-3", "--no-raw", "config", "get", "maxmemory*");
        compare("", "--json", "config", "get", "maxmemory");
    }

    @Test
    void optionsAreThoseOfTheRealOne() throws Exception {
        compare("a value", "-x", "set", "key");
        compare("", "get", "key");
        compare("", "-u", "redis://127.0.0.1:" + redis.port() + "/2", "--csv", "dbsize");
        compare("", "-u", "redis://nobody:p%40@127.0.0.1:" + redis.port() + "/99", "ping");
        compare("", "-u", "http://127.0.0.1", "ping");
        compare("", "-r", "2", "ping");
        compare("", "-n", "99", "ping");
        compare("", "-a", "wrong", "ping");
        compare("", "--user", "nobody", "--pass", "x", "--no-auth-warning", "ping");
    }

    @Test
    void linesAndModesAreThoseOfTheRealOne() throws Exception {
        compare("set a \"b \\x41\"\n\nget a\nnonsense\n2 ping\n\"unbalanced\nquit\nping\n");
        compare("*1\r\n$4\r\nPING\r\nset b c\r\n", "--pipe");
        compare("", "--scan");
        compare("", "--scan", "--pattern", "a*");
        compare("", "--bigkeys");
    }
}
