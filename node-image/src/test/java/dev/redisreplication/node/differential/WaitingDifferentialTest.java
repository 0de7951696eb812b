package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that wait, beside Redis: who is served by what, in which order, with which words, and what the replicas hear of it. */
class WaitingDifferentialTest {
    @RegisterExtension
    static final Arena arena = new Arena();

    private static final String IN_GROUP =
            "0> XGROUP CREATE s g 0 MKSTREAM;1> XREADGROUP GROUP g c BLOCK 0 STREAMS s >;";

    static List<String> scripts() {
        return List.of(
                "1> BLPOP a b 0;0> MULTI;0> RPUSH b 1;0> RPUSH a 2;0> EXEC",
                "1> BLPOP a 0;0> MULTI;0> RPUSH a 1;0> DEL a;0> EXEC;0> RPUSH a 2",
                "1> BLPOP a a 0;0> RPUSH a 1 2",
                "1> BLMOVE a d LEFT RIGHT 0;2> BLPOP a 0;0> SET d x;0> RPUSH a 1",
                "1> BLMOVE a b LEFT RIGHT 0;2> BLMOVE b c LEFT RIGHT 0;0> RPUSH a 1;0> LRANGE c 0 -1",
                "1> BRPOPLPUSH a a 0;2> BLPOP a 0;0> RPUSH a 1",
                "1> BLPOP a 0;2> BLPOP a 0;0> RPUSH a 1 2 3;0> LRANGE a 0 -1",
                "1> BLMPOP 0 2 a b LEFT COUNT 2;0> RPUSH b 1 2 3;0> LRANGE b 0 -1",
                "1> BLMPOP 0 1 a RIGHT COUNT 9;0> RPUSH a 1 2 3",
                "1> BLPOP a 0;0> SET a x;0> DEL a;0> SADD a 1;0> DEL a;0> LPUSH a 1",
                "1> BLPOP a 0;0> RPUSH c 1 2 3;0> RENAME c a",
                "1> BLPOP a 0;0> RPUSH c 1;0> COPY c a",
                "1> BLPOP a 0;0> SELECT 1;0> RPUSH a 1 2;0> MOVE a 0",
                "1> BLPOP a 0;0> SELECT 1;0> RPUSH a 1 2;0> SWAPDB 0 1;0> SELECT 0;0> LLEN a",
                "1> BZPOPMIN z 0;2> BZPOPMAX z 0;0> ZADD z 1 a 2 b 3 c;0> ZRANGE z 0 -1",
                "1> HELLO 3;1> BZPOPMIN z 0;0> ZADD z 1 a;1> BZMPOP 0 1 z MIN COUNT 2;0> ZADD z 1 a 2 b 3 c",
                "1> BZMPOP 0 2 z y MAX;0> ZADD y 1 a;0> ZADD z 2 b;0> ZRANGE z 0 -1",
                "1> BZPOPMIN z 0;0> ZADD y 1 a;0> ZRANGESTORE z y 0 -1",
                "1> XREAD BLOCK 0 STREAMS s $;0> MULTI;0> XADD s 1-1 a b;0> XDEL s 1-1;0> EXEC",
                "1> XREAD BLOCK 0 COUNT 5 STREAMS s t $ $;0> MULTI;0> XADD t 1-1 a b;0> XADD s 1-1 a b;0> EXEC",
                "1> XREAD BLOCK 0 STREAMS s 5;0> XADD s 1-1 a b;0> XADD s 6-1 a b",
                "0> XADD s 1-1 a b;1> XREAD BLOCK 0 STREAMS s $;0> XADD s 2-1 a b;1> XREAD BLOCK 0 STREAMS s 1-1",
                "1> XREAD BLOCK 0 STREAMS s $;2> XREAD BLOCK 0 STREAMS s $;0> XADD s 1-1 a b",
                IN_GROUP + "0> DEL s",
                IN_GROUP + "0> SET s x",
                IN_GROUP + "0> RENAME s t",
                IN_GROUP + "0> FLUSHALL",
                IN_GROUP + "0> SWAPDB 0 1",
                IN_GROUP + "0> XGROUP DESTROY s g",
                IN_GROUP + "0> PEXPIRE s 1;0> DEBUG SLEEP 0.01;0> EXISTS s",
                IN_GROUP + "0> MULTI;0> DEL s;0> XADD s 5-0 a b;0> EXEC",
                IN_GROUP + "0> MULTI;0> DEL s;0> SADD s 1;0> EXEC",
                IN_GROUP + "0> XADD s 1-1 a b;0> XPENDING s g;1> XREADGROUP GROUP g c BLOCK 0 STREAMS s 0",
                IN_GROUP + "2> XREADGROUP GROUP g d BLOCK 0 NOACK STREAMS s >;0> XADD s 1-1 a b;0> XADD s 1-2 a b",
                "0> XGROUP CREATE s g 0 MKSTREAM;1> XREADGROUP GROUP g c COUNT 1 BLOCK 0 STREAMS s >;"
                        + "2> XREADGROUP GROUP g d COUNT 1 BLOCK 0 STREAMS s >;"
                        + "0> MULTI;0> XADD s 1-1 a b;0> XADD s 1-2 a b;0> XADD s 1-3 a b;0> EXEC",
                IN_GROUP
                        + "2> XREADGROUP GROUP g d BLOCK 0 STREAMS s >;0> MULTI;0> XADD s 1-1 a b;0> XADD s 1-2 a b;0> EXEC;"
                        + "0> XADD s 1-3 a b",
                IN_GROUP
                        + "2> XREADGROUP GROUP g d BLOCK 0 STREAMS s >;0> MULTI;0> XADD s 1-1 a b;0> XDEL s 1-1;0> EXEC",
                IN_GROUP + "0> XGROUP CREATE s h 0;2> XREADGROUP GROUP h d BLOCK 0 STREAMS s >;0> XADD s 1-1 a b",
                IN_GROUP + "2> XREAD BLOCK 0 STREAMS s $;0> XADD s 1-1 a b",
                IN_GROUP
                        + "2> XREADGROUP GROUP g d BLOCK 0 STREAMS s >;0> MULTI;0> XADD s 1-1 a b;0> XGROUP DESTROY s g;0> EXEC",
                "0> XADD s 1-1 a b;0> XGROUP CREATE s g $;1> XREADGROUP GROUP g c BLOCK 0 STREAMS s >;"
                        + "0> XGROUP SETID s g 0;0> EXPIRE s 100;0> XADD s 2-1 a b",
                "0> MULTI;0> BLPOP a 0;0> BLMOVE a b LEFT RIGHT 0;0> BRPOPLPUSH a b 0;0> BLMPOP 0 1 a LEFT;"
                        + "0> BZPOPMIN a 0;0> BZMPOP 0 1 a MIN;0> XREAD BLOCK 0 STREAMS s $;0> WAIT 5 0;0> EXEC",
                "1> BLPOP a 0;1> PING;1> SET k v;0> GET k;0> RPUSH a 1;0> GET k",
                "1> CLIENT REPLY SKIP;1> BLPOP a 0;0> RPUSH a 1;1> PING",
                "1> CLIENT REPLY OFF;1> BLPOP a 0;0> RPUSH a 1;1> CLIENT REPLY ON",
                "1> WAIT 1 0;2> BLPOP a 0;0> REPLICAOF 127.0.0.1 1;0> REPLICAOF NO ONE",
                "1> BLPOP a 0;0> CLIENT PAUSE 60000 WRITE;2> RPUSH a 1;0> CLIENT UNPAUSE");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void isServedAsByRedis(String script) throws IOException {
        try (Crowd crowd = new Crowd(arena.redis().port(), arena.node().port())) {
            assertThat(crowd.play(List.of(script.split(";", -1)))).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BLPOP a 0.01",
                "BRPOP a b 0.001",
                "BLMOVE a b LEFT RIGHT 0.01",
                "BRPOPLPUSH a b 0.01",
                "BLMPOP 0.01 1 a LEFT",
                "BZPOPMIN a 0.01",
                "BZPOPMAX a 0.01",
                "BZMPOP 0.01 1 a MIN",
                "XREAD BLOCK 10 STREAMS s $",
                "WAIT 5 10",
                "BLPOP a abc",
                "BLPOP a -1",
                "BLPOP a 1e400",
                "BLPOP a 1e20",
                "BLPOP a 9223372036854776",
                "BLPOP a inf",
                "BLPOP a nan",
                "BLPOP a \"\"",
                "BLPOP a \" 1\"",
                "BLPOP a 1e5000",
                "BLPOP a 0x1p-6",
                "BLPOP a 1e-3",
                "BLPOP a +0.01",
                "BLPOP a .01",
                "XREAD BLOCK -1 STREAMS s 0",
                "XREAD BLOCK 1.5 STREAMS s 0",
                "XREAD BLOCK 9223372036854775808 STREAMS s 0",
                "WAIT 0 -1",
                "WAIT 0 1.5",
                "BLMPOP abc 1 a LEFT COUNT 0",
                "BLMPOP -1 1 a LEFT",
                "BLMPOP 1 0 a LEFT",
                "BLMPOP 1 2 a LEFT",
                "BLMOVE a b LEFT UP abc",
                "BLMOVE a b LEFT RIGHT abc",
                "BLMOVE a b LEFT RIGHT -1",
                "BRPOPLPUSH a b -1",
                "BZMPOP 1 1 a MID",
                "BZMPOP abc 1 a MIN COUNT 0",
                "BZPOPMIN a abc",
                "BLPOP str l 1",
                "BLPOP none str 0",
                "BLMOVE l str LEFT RIGHT 0",
                "BLMOVE str l LEFT RIGHT 0",
                "BZPOPMIN l 0",
                "BLMPOP 1 2 none str LEFT",
                "XREAD BLOCK 0 STREAMS str 0",
                "XREADGROUP GROUP g c BLOCK -1 STREAMS s >",
                "XREADGROUP GROUP g c BLOCK x STREAMS s >",
                "XREADGROUP GROUP none c BLOCK 0 STREAMS s >",
                "XREADGROUP GROUP g c BLOCK 5 STREAMS s >",
                "XREADGROUP GROUP g c BLOCK 0 STREAMS s 0",
                "BLPOP l none 0",
                "BRPOP none l 0",
                "BLMPOP 0 2 none l RIGHT COUNT 2",
                "BLMOVE l l LEFT RIGHT 0",
                "BRPOPLPUSH l other 0",
                "BZPOPMAX none z 0",
                "BZMPOP 0 1 z MIN COUNT 5",
            })
    void isAnsweredAsByRedis(String command) throws IOException {
        for (int protocol : new int[] {2, 3}) {
            Reply right = answer(arena.redis().port(), protocol, command);
            assertThat(answer(arena.node().port(), protocol, command).toString())
                    .as("protocol %d", protocol)
                    .isEqualTo(right.toString());
        }
    }

    private static Reply answer(int port, int protocol, String command) throws IOException {
        try (Wire wire = new Wire(port)) {
            wire.call("FLUSHALL");
            wire.call("SET", "str", "x");
            wire.call("RPUSH", "l", "1", "2", "3");
            wire.call("ZADD", "z", "1", "a", "2", "b");
            wire.call("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
            wire.call("HELLO", "" + protocol);
            return wire.call(Commands.parse(command));
        }
    }

    /** Served commands are heard of as those that do not wait, after what made the key ready and grouped as Redis does it. */
    @Test
    void isToldToReplicasAsByRedis() throws IOException {
        try (Tap redis = new Tap(arena.redis().port());
                Tap node = new Tap(arena.node().port())) {
            for (String script : scripts()) {
                if (script.matches(
                        ".*(REPLICAOF|EXPIRE|WAIT).*")) { // no replicas then; a clock; the replica that is tapped
                    continue;
                }
                try (Crowd crowd = new Crowd(arena.redis().port(), arena.node().port())) {
                    assertThat(crowd.play(List.of(script.split(";", -1)))).isNull();
                    crowd.endWaits();
                    String end = "SET the-end " + script.hashCode();
                    crowd.play(List.of("0> CLIENT REPLY ON", "0> SELECT 0", "0> " + end));
                    List<String> told = node.until(end);
                    List<String> right = redis.until(end);
                    // Here the position of groups is told too, and a consumer who comes without getting anything.
                    boolean groups = script.contains("XREADGROUP");
                    assertThat(groups ? without(told) : told).as(script).isEqualTo(groups ? without(right) : right);
                }
            }
        }
    }

    private static List<String> without(List<String> told) {
        return told.stream()
                .filter(line -> !line.matches("MULTI|EXEC|XGROUP SETID .* ENTRIESREAD .*|XGROUP CREATECONSUMER .*"))
                .toList();
    }

    /** A replica that writes down what it hears. */
    private static final class Tap implements AutoCloseable {
        private final Wire wire;

        Tap(int port) throws IOException {
            wire = new Wire(port);
            wire.send(List.of("SYNC"));
            String header = wire.readLine();
            while (header.isEmpty() || header.equals("\n")) {
                header = wire.readLine();
            }
            wire.skip(Integer.parseInt(header.replaceAll("\\D", "")));
        }

        /** The commands up to one, in one case, without what each server says of itself; times are those of a clock. */
        List<String> until(String end) throws IOException {
            List<String> heard = new ArrayList<>();
            while (heard.isEmpty() || !heard.getLast().equals(end.toUpperCase(Locale.ROOT))) {
                List<String> words =
                        wire.read().items().stream().map(Reply::text).toList();
                String line = String.join(" ", words)
                        .replaceAll("TIME \\d+", "TIME 0")
                        .toUpperCase(Locale.ROOT);
                if (!line.equals("PING") && !line.startsWith("REPLCONF") && !line.startsWith("SELECT")) {
                    heard.add(line);
                }
            }
            return heard;
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    @Test
    void whoLeavesTakesNothingAndIsNotCounted() throws IOException {
        for (int port : new int[] {arena.redis().port(), arena.node().port()}) {
            try (Wire other = new Wire(port);
                    Wire waits = new Wire(port)) {
                other.call("FLUSHALL");
                try (Wire leaves = new Wire(port)) {
                    leaves.send(List.of("BLPOP", "q", "0"));
                    awaitBlocked(other, 1);
                    waits.send(List.of("BLPOP", "q", "100"));
                    awaitBlocked(other, 2);
                    assertThat(other.call("INFO", "clients").text()).contains("clients_in_timeout_table:1");
                    assertThat(other.call("CLIENT", "LIST").text()).contains(" flags=b ");
                }
                awaitBlocked(other, 1);
                other.call("RPUSH", "q", "1");
                assertThat(waits.read().toString()).isEqualTo("*[$q $1]");
                awaitBlocked(other, 0);
            }
        }
    }

    private static void awaitBlocked(Wire wire, int clients) {
        Awaitility.await()
                .until(() -> wire.call("INFO", "clients").text().contains("blocked_clients:" + clients + "\r\n"));
    }

    @Test
    void isUnblockedAsByRedis() throws IOException {
        for (String how : new String[] {"TIMEOUT", "ERROR", "timeout"}) {
            for (String command :
                    new String[] {"BLPOP q 0", "BLMOVE q r LEFT LEFT 0", "WAIT 7 0", "XREAD BLOCK 0 STREAMS s $"}) {
                assertThat(unblocked(arena.node().port(), command, how))
                        .as(command + " " + how)
                        .isEqualTo(unblocked(arena.redis().port(), command, how));
            }
        }
    }

    private static String unblocked(int port, String command, String how) throws IOException {
        try (Wire other = new Wire(port);
                Wire waits = new Wire(port)) {
            other.call("FLUSHALL");
            String id = waits.call("CLIENT", "ID").text();
            String before = other.call("CLIENT", "UNBLOCK", id, how).toString();
            waits.send(Commands.parse(command));
            awaitBlocked(other, 1);
            return before + other.call("CLIENT", "UNBLOCK", id, how) + waits.read() + waits.call("PING");
        }
    }
}
