package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A server that crashes says in its log how, and how it stood, under the headings of Redis. */
class CrashReportDifferentialTest {
    /** A heading, or a line of what happened. */
    private static final Pattern TOLD = Pattern.compile(
            "=== REDIS BUG .*|------ [A-Z ]+ ------|# [A-Z]\\w+|.* # (Redis \\d|=== ASS|!!!|Guru|---|Out Of).*");

    /** What a program on a JVM has not. */
    private static final Pattern MACHINE = Pattern.compile(
            "------ (REGISTERS|MODULES INFO OUTPUT|CONFIG DEBUG OUTPUT|FAST MEMORY TEST|DUMPING CODE AROUND EIP) ------"
                    + "|.*ASSERTION FAILED (CLIENT|OBJECT) CONTEXT.*");

    /** Redis' test of the memory writes to what its other threads use, and now and then ends by that. */
    private static final String[] OPTIONS = {"--enable-debug-command", "yes", "--crash-memcheck-enabled", "no"};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"SEGFAULT", "ASSERT", "PANIC", "OOM"})
    void itTellsWhatRedisTells(String how) throws Exception {
        List<String> real = crash("redis", how);
        assertThat(crash("node", how)).isEqualTo(real);
    }

    private List<String> crash(String program, String how) throws Exception {
        try (ServerProcess server = ServerProcess.of(program, folder.resolve(program), OPTIONS);
                Jedis other = server.connect();
                Jedis jedis = server.connect()) {
            other.clientSetname("the-other");
            jedis.clientSetname("the-last");
            assertThatThrownBy(() -> ServerProcess.call(jedis, "DEBUG", how))
                    .isInstanceOf(JedisConnectionException.class);
            assertThat(server.awaitEnd()).isEqualTo(how.equals("SEGFAULT") ? 139 : 134);
            String log = server.log().replace("\r\n", "\n"); // as INFO has them
            String report = log.substring(log.indexOf("=== REDIS BUG REPORT START"));
            assertThat(report)
                    .contains("\nprocess_id:" + server.pid() + "\n", " name=the-other ", "\nBacktrace:\n")
                    .containsSubsequence(
                            "------ CURRENT CLIENT INFO ------\nid=",
                            " name=the-last ",
                            "\nargv[0]: '\"DEBUG\"'\nargv[1]: '\"" + how + "\"'\n");
            return log.lines()
                    .filter(line -> TOLD.matcher(line).matches())
                    .filter(line -> !MACHINE.matcher(line).matches())
                    .map(CrashReportDifferentialTest::normal)
                    .toList();
        }
    }

    private static String normal(String line) {
        return line.replaceAll("^\\d+:\\w .* # ", "# ")
                .replaceAll(" #\\w+\\.c:\\d+$", "") // of the source
                .replaceAll("\\d+", "#");
    }
}
