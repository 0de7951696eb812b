package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commands CLIENT PAUSE holds back, here and in Redis. It is a monitor that asks, as nothing holds that one back. */
class PauseDifferentialTest {
    private static final String LIBRARY = "#!lua name=lib\n"
            + "redis.register_function{function_name='reads', flags={'no-writes'}, callback=function() return 1 end}\n"
            + "redis.register_function('writes', function() return redis.call('SET', 'k', 'v') end)";

    /** What one client says at once, its commands apart by {@code ;}. */
    private static final List<String> SAID = List.of(
            "PING",
            "ECHO a",
            "HELLO 4",
            "AUTH a b",
            "SELECT 1",
            "RESET",
            "QUIT",
            "NONE",
            "GET",
            "GET string",
            "SET k v",
            "DEL k",
            "EXPIRE k 100",
            "TTL k",
            "INCR string",
            "LPUSH string a",
            "RPUSH l a",
            "TOUCH k",
            "COPY k j",
            "OBJECT ENCODING list",
            "PUBLISH c m",
            "SPUBLISH c m",
            "SUBSCRIBE c",
            "PSUBSCRIBE c",
            "SSUBSCRIBE c",
            "PUBSUB CHANNELS",
            "SUBSCRIBE c;UNSUBSCRIBE c;PING",
            "EVAL \"return 1\" 0",
            "EVAL \"return redis.call('SET', 'k', 'v')\" 0",
            "EVAL \"#!lua\\nreturn 1\" 0",
            "EVALSHA abc 0",
            "FCALL writes 0",
            "FCALL none 0",
            "FCALL_RO writes 0",
            "EVAL \"#!lua flags=no-writes\\nreturn 1\" 0",
            "EVAL_RO \"return 1\" 0",
            "SCRIPT LOAD \"return 1\"",
            "SCRIPT EXISTS abc",
            "SCRIPT FLUSH",
            "SCRIPT KILL",
            "FUNCTION LIST LIBRARYNAME none",
            "FUNCTION STATS",
            "FUNCTION FLUSH",
            "FUNCTION LOAD REPLACE \"#!lua name=other\\nredis.register_function('f', function() return 1 end)\"",
            "FUNCTION KILL",
            "FCALL reads 0",
            "FCALL_RO reads 0",
            "MULTI",
            "MULTI;GET string;EXEC",
            "MULTI;SET k v;EXEC",
            "MULTI;PUBLISH c m;EXEC",
            "MULTI;GET string;SET k v",
            "MULTI;DISCARD",
            "EXEC",
            "WATCH k;GET k;UNWATCH",
            "BLPOP list 0",
            "BLPOP none 0",
            "BLMOVE list other LEFT RIGHT 0",
            "BZPOPMIN none 0",
            "XREAD BLOCK 0 STREAMS s $",
            "XREAD STREAMS s 0",
            "XREADGROUP GROUP g c BLOCK 0 STREAMS s >",
            "XADD s 1-1 a b",
            "WAIT 0 0",
            "WAIT 1 0",
            "CLIENT ID",
            "CLIENT LIST",
            "CLIENT INFO",
            "CLIENT SETNAME me",
            "CLIENT KILL ID 1000000",
            "CLIENT KILL TYPE pubsub",
            "CLIENT UNBLOCK 1000000",
            "CLIENT PAUSE 60000 ALL;PING",
            "CLIENT PAUSE 60000 WRITE;PING",
            "CLIENT UNPAUSE;PING",
            "CLIENT REPLY OFF;PING",
            "CLIENT TRACKING ON",
            "CLIENT NO-EVICT ON",
            "REPLCONF listening-port 1",
            "REPLCONF ACK 1",
            "INFO server",
            "CONFIG GET hz",
            "CONFIG SET maxmemory-samples 5",
            "CONFIG RESETSTAT",
            "COMMAND COUNT",
            "DEBUG SLEEP 0",
            "DEBUG SET-ACTIVE-EXPIRE 1",
            "FLUSHALL",
            "FLUSHDB",
            "SWAPDB 0 1",
            "DBSIZE",
            "KEYS l*",
            "SCAN 0 MATCH l*",
            "MEMORY USAGE list",
            "LATENCY LATEST",
            "SLOWLOG RESET",
            "ACL WHOAMI",
            "ACL SETUSER other",
            "LASTSAVE",
            "SHUTDOWN ABORT",
            "MONITOR;PING",
            "READONLY",
            "ASKING");

    @RegisterExtension
    static final Arena arena = new Arena();

    @ParameterizedTest
    @ValueSource(strings = {"ALL", "WRITE"})
    void areThoseOfRedis(String mode) throws IOException {
        List<String> right = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        for (String said : SAID) {
            String here = heard(arena.node().port(), mode, said);
            if (said.startsWith("CLIENT UNPAUSE")) { // here it ends any pause: Redis holds it back as all others
                assertThat(here).isEqualTo("+OK\\x0d\\x0a+PONG\\x0d\\x0a | 0 |  | 0");
                continue;
            }
            right.add(said + ": " + heard(arena.redis().port(), mode, said));
            ours.add(said + ": " + here);
        }
        assertThat(String.join("\n", ours)).isEqualTo(String.join("\n", right));
    }

    /** What is answered while clients are paused, how many are blocked, and what is answered later. */
    private static String heard(int port, String mode, String said) throws IOException {
        try (Wire control = new Wire(port)) {
            for (String line : List.of(
                    "FLUSHALL", "SET string x", "RPUSH list 1 2", "XGROUP CREATE s g 0 MKSTREAM", "SCRIPT FLUSH")) {
                control.call(Commands.parse(line));
            }
            control.call("FUNCTION", "LOAD", "REPLACE", LIBRARY);
        }
        try (Wire monitor = new Wire(port);
                Wire client = new Wire(port)) {
            monitor.call("MONITOR");
            ask(monitor, "CLIENT", "PAUSE", "60000", mode);
            StringBuilder all = new StringBuilder();
            for (String line : said.split(";", -1)) {
                all.append(Wire.frame(Commands.parse(line)));
            }
            client.sendRaw(all.toString());
            String blocked = blocked(monitor);
            String during = frames(client.pending());
            ask(monitor, "CLIENT", "UNPAUSE");
            String after = blocked(monitor);
            String later = frames(client.pending());
            client.close();
            while (!blocked(monitor).equals("0")) { // it may have had another pause before it left
                ask(monitor, "CLIENT", "UNPAUSE");
            }
            ask(monitor, "CLIENT", "UNPAUSE");
            return during + " | " + blocked + " | " + later + " | " + after;
        }
    }

    private static String blocked(Wire monitor) throws IOException {
        for (int i = 0; i < 3; i++) { // whatever the first turn has left is done in the next
            ask(monitor, "ECHO", "turn");
        }
        return ask(monitor, "INFO", "clients").text().replaceAll("(?s).*\r\nblocked_clients:(\\d+)\r\n.*", "$1");
    }

    /** The reply among the lines of what it sees. */
    private static Reply ask(Wire monitor, String... command) throws IOException {
        monitor.send(List.of(command));
        Reply reply = monitor.read();
        while (reply.type() == '+' && reply.text().matches("\\d+\\.\\d{6} \\[.*")) {
            reply = monitor.read();
        }
        return reply;
    }

    /** The beginnings of the frames, without what each server says of itself. */
    private static String frames(String bytes) {
        return Reply.printable(bytes.replaceAll("(?s)^\\$\\d+\r\n.{40,}", "\\$...")
                        .replaceAll("(?s)\\+\\d+\\.\\d{6} \\[.*", "+..."))
                .replaceAll("^:\\d{2,}", ":N");
    }
}
