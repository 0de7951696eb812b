package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen of the same commands by MONITOR, SLOWLOG and LATENCY, here and in Redis. */
@ExtendWith(Proof.class)
class WatchDifferentialTest {
    private static final String END = "the end";
    private static final int COMMANDS = 100;
    private static final Pattern TIME_AND_PLACE =
            Pattern.compile("^\\+?\\d+\\.\\d{6} \\[(\\d+) (lua|127\\.0\\.0\\.1)(:\\d+)?]");

    private static final Pattern MAY_BLOCK = Pattern.compile("(?i)B[LRZ].*|WAIT.*|.* BLOCK .*|CLIENT PAUSE.*");

    @RegisterExtension
    static final Arena arena = new Arena();

    /** What a monitor sees of these commands of one other connection. */
    private static List<String> seen(int port, List<List<String>> commands) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Wire monitor = new Wire(port)) {
            assertThat(monitor.call("MONITOR").text()).isEqualTo("OK");
            try (Wire wire = new Wire(port)) {
                StringBuilder all = new StringBuilder();
                commands.forEach(command -> all.append(Wire.frame(command)));
                // Whose replies are off is not closed by QUIT, in Redis.
                List.of("RESET", "PING", "QUIT").forEach(last -> all.append(Wire.frame(List.of(last))));
                wire.sendRaw(all.toString());
                wire.awaitEnd(); // all of them have been executed
            }
            try (Wire wire = new Wire(port)) {
                wire.call("ECHO", END);
            }
            for (String line = ""; !line.endsWith("\"ECHO\" \"" + END + "\""); ) {
                line = TIME_AND_PLACE.matcher(monitor.readLine()).replaceFirst("[$1 $2]");
                lines.add(line);
            }
        }
        return lines;
    }

    private static void assertSeenAlike(String what, List<List<String>> commands) throws IOException {
        List<List<String>> both = new ArrayList<>();
        for (int port : arena.ports()) {
            try (Wire wire = new Wire(port)) {
                wire.call("FLUSHALL");
            }
            both.add(seen(port, commands));
        }
        List<String> right = both.get(0);
        List<String> ours = both.get(1);
        int from = 0;
        while (from < Math.min(right.size(), ours.size()) && right.get(from).equals(ours.get(from))) {
            from++;
        }
        int shown = Math.max(0, from - 3);
        assertThat(ours.subList(shown, Math.min(ours.size(), from + 2)))
                .as("%s, line %d of %d", what, from, right.size())
                .isEqualTo(right.subList(shown, Math.min(right.size(), from + 2)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k v|get k|GET",
                "GET \"a\\x00\\xff\\n\\\"\\\\\\r\\t\\x07\\x08 \\x7f\\x1b\"",
                "AUTH foo|AUTH a b|AUTH a b c|AUTH",
                "HELLO 3 AUTH default foo|HELLO 2|HELLO 3 SETNAME x AUTH a b|HELLO 3 AUTH a",
                "CONFIG GET save|CONFIG SET requirepass \"\"|DEBUG SLEEP 0|SLOWLOG GET|LATENCY LATEST|CLIENT NO-EVICT on",
                "MULTI|SET a b|MONITOR|GET k|EXEC|EXEC|MULTI|DISCARD|DISCARD",
                "MULTI|SET a|EXEC|PING",
                "SELECT 3|PING|SELECT 99|PING|RESET|PING",
                "SUBSCRIBE a|PING|GET a|UNSUBSCRIBE a|GET a",
                "CLIENT REPLY SKIP|GET a|CLIENT REPLY OFF|GET b|CLIENT REPLY ON",
                "FOO bar|SADD k x|LPUSH k a b|LPUSH k c|SPOP k|INFO everything|WATCH a|UNWATCH",
                "SWAPDB 0 1|FLUSHALL|FLUSHDB|SPOP k|SETEX k 1 v|EXPIRE k 100|COPY a b|QUIT x|PING",
                "MONITOR|GET a|PING|RESET|PING",
                "BLPOP a 0.01|PING|RPUSH a 1 2|BLPOP a 0|BLMOVE a b LEFT RIGHT 0.01|BRPOP a 0.01|MULTI|BLPOP a 0|EXEC",
                "EVAL \"redis.call('SELECT', 2); redis.call('SET', KEYS[1], ARGV[1]); return redis.call('get', KEYS[1])\" 1 k v|PING",
                "EVAL \"return redis.pcall('FOO')\" 0|EVAL \"return\" x|EVAL_RO \"return redis.call('GET', 'a')\" 0|SCRIPT EXISTS a",
                "MULTI|EVAL \"return redis.call('INCR', 'n')\" 0|EXEC",
                "COMMAND COUNT|OBJECT HELP|OBJECT ENCODING k|ACL WHOAMI|MEMORY USAGE k|CLIENT ID",
            })
    void monitorSeesWhatItWouldOfRedis(String script) throws IOException {
        List<List<String>> commands = new ArrayList<>();
        for (String line : script.split("\\|", -1)) {
            commands.add(Commands.parse(line));
        }
        assertSeenAlike(script, commands);
    }

    static LongStream seeds() {
        return Proof.seeds(40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void monitorSeesRandomProgramsAsOfRedis(long seed) throws IOException {
        List<String> groups = new ArrayList<>(Fuzz.GROUPS);
        groups.add("connection");
        groups.add("transactions");
        Grammar grammar = Grammar.load(groups);
        SplittableRandom random = new SplittableRandom(seed);
        List<List<String>> commands = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            List<String> command = grammar.next(random);
            if (!MAY_BLOCK.matcher(Commands.line(command)).matches()) {
                commands.add(command);
            }
        }
        assertSeenAlike("all groups", commands);
        Proof.played("monitored", commands.size());
    }

    /** It hears itself, as any other; and may touch no key. */
    @Test
    void aMonitorIsAnsweredAsByRedis() throws IOException {
        List<String> all = new ArrayList<>();
        for (int port : arena.ports()) {
            try (Wire monitor = new Wire(port);
                    Wire other = new Wire(port)) {
                StringBuilder heard = new StringBuilder();
                for (String line : List.of(
                        "MONITOR",
                        "MONITOR",
                        "PING",
                        "GET x",
                        "SET x 1",
                        "PUBLISH a b",
                        "HELLO 3",
                        "MULTI",
                        "MONITOR",
                        "EXEC",
                        "SUBSCRIBE a",
                        "UNSUBSCRIBE a",
                        "CLIENT REPLY OFF",
                        "PING",
                        "CLIENT REPLY ON",
                        "DBSIZE")) {
                    monitor.send(Commands.parse(line));
                }
                monitor.send(List.of("ECHO", END));
                for (String line = ""; !line.endsWith("\"ECHO\" \"" + END + "\""); ) {
                    line = TIME_AND_PLACE.matcher(monitor.readLine()).replaceFirst("[$1 $2]");
                    heard.append(line).append('\n');
                }
                heard.append(flags(other, 'O'));
                monitor.send(List.of("RESET"));
                heard.append(monitor.readLine());
                heard.append(flags(other, 'N'));
                heard.append(monitor.call("PING").text());
                all.add(heard.toString().replaceAll("id\n:\\d+", "id\n:0"));
            }
        }
        assertThat(all.get(1)).isEqualTo(all.get(0));
    }

    private static String flags(Wire wire, char flag) throws IOException {
        return wire.call("CLIENT", "LIST").text().contains(" flags=" + flag + " ") ? "yes" : "no";
    }

    /** With a threshold of 0 all that is logged is equal: ids, arguments, who it was. */
    @Test
    void theSlowLogHoldsWhatItWouldInRedis() throws IOException {
        List<String> logs = new ArrayList<>();
        for (int port : arena.ports()) {
            logs.add(slowLog(port));
        }
        assertThat(logs.get(1)).isEqualTo(logs.get(0));
    }

    private static String slowLog(int port) throws IOException {
        List<String> many = new ArrayList<>(List.of("RPUSH", "l"));
        for (int i = 0; i < 50; i++) {
            many.add("x" + i);
        }
        try (Wire wire = new Wire(port);
                Wire reader = new Wire(port)) {
            wire.call("FLUSHALL");
            wire.call("CONFIG", "SET", "slowlog-max-len", "1000");
            wire.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
            wire.call("SLOWLOG", "RESET");
            wire.call(many);
            wire.call(many.subList(0, 32));
            wire.call(many.subList(0, 33));
            for (String line : List.of(
                    "SET k " + "v".repeat(128),
                    "SET k " + "v".repeat(129),
                    "SET k " + "v".repeat(100_000),
                    "GET k",
                    "GET",
                    "FOO",
                    "AUTH a b",
                    "HELLO 2 AUTH a b",
                    "CONFIG SET masterauth x maxmemory 0",
                    "CONFIG SET masterauth \"\"",
                    "CLIENT SETNAME me",
                    "MULTI",
                    "SET a 1",
                    "INCR a",
                    "EXEC",
                    "LPUSH a 1",
                    "EVAL \"redis.call('SET', 'k', ARGV[1]); return redis.call('GET', 'k')\" 0 v",
                    "SLOWLOG LEN",
                    "DEBUG SLEEP 0",
                    "PING")) {
                wire.call(Commands.parse(line));
            }
            String entries = entries(reader.call("SLOWLOG", "GET", "-1"))
                    + entries(reader.call("SLOWLOG", "GET", "3"))
                    + reader.call("SLOWLOG", "GET").items().size();
            reader.call("CONFIG", "SET", "slowlog-max-len", "5");
            reader.call("PING");
            entries += reader.call("SLOWLOG", "LEN");
            reader.call("SLOWLOG", "RESET");
            entries += entries(reader.call("SLOWLOG", "GET"));
            reader.call("CONFIG", "SET", "slowlog-log-slower-than", "-1");
            reader.call("SLOWLOG", "RESET");
            reader.call("PING");
            return entries + reader.call("SLOWLOG", "LEN");
        }
    }

    private static String entries(Reply log) {
        StringBuilder text = new StringBuilder();
        long newest = log.items().isEmpty()
                ? 0
                : log.items().getFirst().items().getFirst().asLong();
        for (Reply entry : log.items()) {
            List<Reply> fields = entry.items();
            assertThat(fields).hasSize(6);
            assertThat(fields.get(1).asLong()).isPositive();
            assertThat(fields.get(2).asLong()).isNotNegative();
            text.append(fields.get(4).text().replaceFirst("^127\\.0\\.0\\.1:\\d+$", "client"));
            text.append(newest - fields.get(0).asLong())
                    .append(fields.get(3))
                    .append(fields.get(5))
                    .append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void errorsAndFormsAreThoseOfRedis(int protocol) throws IOException {
        List<List<String>> both = new ArrayList<>();
        for (int port : arena.ports()) {
            List<String> replies = new ArrayList<>();
            try (Wire wire = new Wire(port)) {
                wire.call("HELLO", "" + protocol);
                wire.call("CONFIG", "SET", "latency-monitor-threshold", "0");
                wire.call("CONFIG", "RESETSTAT");
                wire.call("LATENCY", "RESET");
                for (String line : List.of(
                        "SLOWLOG",
                        "SLOWLOG FOO",
                        "SLOWLOG HELP",
                        "SLOWLOG GET 1 2",
                        "SLOWLOG GET -2",
                        "SLOWLOG GET x",
                        "SLOWLOG LEN 1",
                        "SLOWLOG RESET 1",
                        "LATENCY",
                        "LATENCY FOO",
                        "LATENCY HELP",
                        "LATENCY HISTORY",
                        "LATENCY HISTORY foo",
                        "LATENCY GRAPH foo",
                        "LATENCY LATEST",
                        "LATENCY LATEST x",
                        "LATENCY RESET foo",
                        "LATENCY RESET",
                        "LATENCY HISTOGRAM foo",
                        "LATENCY HISTOGRAM get",
                        "CONFIG GET latency-tracking",
                        "CONFIG GET latency-monitor-threshold",
                        "CONFIG GET slowlog-max-len",
                        "CONFIG GET slowlog-log-slower-than",
                        "CONFIG SET latency-tracking-info-percentiles 101",
                        "CONFIG SET latency-tracking-info-percentiles a",
                        "CONFIG SET latency-tracking-info-percentiles \"50 99.99 100 0 12.345\"",
                        "CONFIG GET latency-tracking-info-percentiles",
                        "CONFIG SET latency-tracking-info-percentiles \"\"",
                        "CONFIG GET latency-tracking-info-percentiles",
                        "CONFIG SET latency-tracking-info-percentiles \"50 99 99.9\"",
                        "CONFIG SET slowlog-max-len -1",
                        "CONFIG SET slowlog-log-slower-than x")) {
                    replies.add(line + ": " + wire.call(Commands.parse(line)));
                }
            }
            both.add(replies);
        }
        assertThat(both.get(1)).isEqualTo(both.get(0));
    }

    /** The seconds in which something was slow, and how long it took, near to each other. */
    @Test
    void slowCommandsAreEventsAsInRedis() throws IOException {
        List<String> shapes = new ArrayList<>();
        for (int port : arena.ports()) {
            try (Wire wire = new Wire(port)) {
                // High, and off again at once: on a busy machine any other command may be slow.
                wire.call("CONFIG", "SET", "latency-monitor-threshold", "300");
                wire.call("LATENCY", "RESET");
                wire.call("DEBUG", "SLEEP", "0.35");
                wire.call("CONFIG", "SET", "latency-monitor-threshold", "0");
                Reply latest = wire.call("LATENCY", "LATEST").items().getFirst();
                Reply history =
                        wire.call("LATENCY", "HISTORY", "command").items().getFirst();
                assertThat(latest.items().get(2).asLong()).isGreaterThanOrEqualTo(350);
                assertThat(history.items().get(0)).isEqualTo(latest.items().get(1));
                shapes.add(latest.items().get(0).text()
                        + wire.call("LATENCY", "GRAPH", "command")
                                .text()
                                .replaceAll("\\d+ ms", "? ms")
                                .replaceAll("\\d+s?\ns?", "")
                        + wire.call("LATENCY", "RESET", "command", "other")
                        + wire.call("LATENCY", "LATEST"));
            }
        }
        assertThat(shapes.get(1)).isEqualTo(shapes.get(0));
    }
}
