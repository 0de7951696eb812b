package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DEBUG beside Redis': what it answers, and what it leaves behind. */
class DebugDifferentialTest {
    @RegisterExtension
    static final Arena arena = Arena.followed();

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void repliesAreThoseOfRedis(int protocol) throws IOException {
        try (Wire theirs = new Wire(arena.redis().port());
                Wire ours = new Wire(arena.node().port())) {
            theirs.call("HELLO", "" + protocol);
            ours.call("HELLO", "" + protocol);
            for (String line : List.of(
                    "DEBUG",
                    "DEBUG NOTHING",
                    "DEBUG OBJECT",
                    "DEBUG OBJECT nothing",
                    "DEBUG OBJECT a b",
                    "DEBUG DIGEST a",
                    "DEBUG DIGEST-VALUE",
                    "DEBUG SLEEP",
                    "DEBUG SLEEP 0",
                    "DEBUG ERROR",
                    "DEBUG ERROR \"FOO bar\"",
                    "DEBUG ERROR \"FOO\\nbar\\r\"",
                    "DEBUG LOG",
                    "DEBUG LOG hello",
                    "DEBUG RELOAD NONSENSE",
                    "DEBUG RELOAD NOSAVE NONSENSE",
                    "DEBUG REPLICATE",
                    "DEBUG SET-ACTIVE-EXPIRE",
                    "DEBUG SET-ACTIVE-EXPIRE 1",
                    "DEBUG QUICKLIST-PACKED-THRESHOLD 0",
                    "DEBUG QUICKLIST-PACKED-THRESHOLD 100b",
                    "DEBUG QUICKLIST-PACKED-THRESHOLD 5gb",
                    "DEBUG QUICKLIST-PACKED-THRESHOLD nonsense",
                    "DEBUG POPULATE",
                    "DEBUG POPULATE x",
                    "DEBUG POPULATE -1",
                    "DEBUG POPULATE 1 a x",
                    "DEBUG POPULATE 1 a -1",
                    "DEBUG POPULATE 1 a 1 b",
                    "FLUSHALL",
                    "SET populated:1 kept",
                    "DEBUG POPULATE 3 populated 20",
                    "MGET populated:0 populated:1 populated:2",
                    "DEBUG POPULATE 12 short 3",
                    "MGET short:0 short:11",
                    "DEBUG POPULATE 2",
                    "MGET key:0 key:1 key:2",
                    "DEBUG DIGEST",
                    "FLUSHALL",
                    "DEBUG PROTOCOL",
                    "DEBUG PROTOCOL nonsense")) {
                List<String> command = Commands.parse(line);
                assertThat(ours.call(command)).as(line).isEqualTo(theirs.call(command));
            }
            for (String type : List.of(
                    "string",
                    "integer",
                    "double",
                    "bignum",
                    "null",
                    "array",
                    "set",
                    "map",
                    "push",
                    "verbatim",
                    "true",
                    "FALSE")) {
                assertThat(frames(ours, type)).as(type).isEqualTo(frames(theirs, type));
            }
        }
    }

    /** All bytes: a push comes with a reply behind it. */
    private static String frames(Wire wire, String type) throws IOException {
        wire.send(List.of("DEBUG", "PROTOCOL", type));
        StringBuilder all = new StringBuilder();
        wire.send(List.of("PING", "end"));
        for (String line = wire.readLine(); !line.equals("end"); line = wire.readLine()) {
            all.append(line).append('\n');
        }
        return all.toString();
    }

    @Test
    void objectHasTheFieldsOfRedis() throws IOException {
        try (Wire theirs = new Wire(arena.redis().port());
                Wire ours = new Wire(arena.node().port())) {
            for (String line : List.of(
                    "SET s value",
                    "SET i 17",
                    "RPUSH l a b c",
                    "SADD u a b",
                    "HSET h f v",
                    "ZADD z 1 a",
                    "XADD x 1-1 f v")) {
                List<String> command = Commands.parse(line);
                theirs.call(command);
                ours.call(command);
                String right = theirs.call("DEBUG", "OBJECT", command.get(1)).text();
                String text = ours.call("DEBUG", "OBJECT", command.get(1)).text();
                assertThat(shape(text)).as(line).isEqualTo(shape(right));
                assertThat(serializedLength(text)).as(line).isBetween(1L, 4 * serializedLength(right));
            }
        }
    }

    private static String shape(String object) {
        return object.replaceAll("at:0x[0-9a-f]+", "at:")
                .replaceAll("refcount:\\d+", "refcount:")
                .replaceAll("(serializedlength|lru|lru_seconds_idle):\\d+", "$1:")
                .replaceAll(" ql_nodes.*", "");
    }

    private static long serializedLength(String object) {
        return Long.parseLong(object.replaceFirst(".* serializedlength:(\\d+) .*", "$1"));
    }

    @Test
    void reloadTakesTheDumpInTheWayThatItIsTold() throws IOException {
        for (int port : arena.ports()) {
            try (Wire wire = new Wire(port)) {
                wire.call("FLUSHALL");
                wire.call("SET", "a", "1");
                wire.call("RPUSH", "l", "x", "y");
                wire.call("SET", "t", "1", "EX", "1000");
                assertThat(wire.call("DEBUG", "RELOAD").text()).isEqualTo("OK");
                wire.call("SET", "a", "2");
                wire.call("RPUSH", "l", "z");
                wire.call("DEL", "t");
                wire.call("SET", "b", "1");
                assertThat(wire.call("DEBUG", "RELOAD", "NOSAVE", "NOFLUSH", "MERGE")
                                .text())
                        .isEqualTo("OK");
                assertThat(wire.call("MGET", "a", "b").toString()).isEqualTo("*[$1 $1]");
                assertThat(wire.call("LRANGE", "l", "0", "-1").toString()).isEqualTo("*[$x $y]");
                assertThat(wire.call("TTL", "t").asLong()).isBetween(900L, 1000L);
                wire.call("SET", "c", "1");
                assertThat(wire.call("DEBUG", "RELOAD", "NOSAVE").text()).isEqualTo("OK");
                assertThat(wire.call("DBSIZE").asLong()).isEqualTo(3);
                wire.call("FLUSHALL");
            }
        }
    }

    /** What is read back is in the log and on the replica already. */
    @Test
    void whatIsReadBackIsNotLoggedAgain() throws IOException {
        try (Wire ours = new Wire(arena.node().port())) {
            ours.call("FLUSHALL");
            ours.call("RPUSH", "l", "x", "y");
            ours.call("INCR", "n");
            String offset = offset(ours);
            assertThat(ours.call("DEBUG", "LOADAOF").text()).isEqualTo("OK");
            assertThat(ours.call("DEBUG", "LOADAOF").text()).isEqualTo("OK");
            assertThat(ours.call("LRANGE", "l", "0", "-1").toString()).isEqualTo("*[$x $y]");
            assertThat(ours.call("GET", "n").text()).isEqualTo("1");
            assertThat(arena.aftermath().onReplica("GET", "n").text()).isEqualTo("1");
            assertThat(offset(ours)).isEqualTo(offset);
        }
    }

    private static String offset(Wire wire) throws IOException {
        return wire.call("INFO", "replication").text().replaceFirst("(?s).*\r\nmaster_repl_offset:(\\d+)\r\n.*", "$1");
    }

    /** Redis ends the process. */
    @Test
    void whatCannotBeLoadedLosesNothing() throws IOException {
        try (Wire ours = new Wire(arena.node().port())) {
            ours.call("FLUSHALL");
            ours.call("SET", "a", "1");
            ours.call("DEBUG", "RELOAD");
            ours.call("SET", "a", "2");
            assertThat(ours.call("DEBUG", "RELOAD", "NOSAVE", "NOFLUSH").text())
                    .isEqualTo("ERR Error trying to load the RDB dump, check server logs.");
            assertThat(ours.call("GET", "a").text()).isEqualTo("2");
            ours.call("MULTI");
            ours.call("DEBUG", "LOADAOF");
            assertThat(ours.call("EXEC").items().getFirst().text())
                    .isEqualTo("ERR DEBUG cannot exchange the data within a transaction or a script");
        }
    }

    @Test
    void whatIsReplicatedBehindTheDataIsOnTheReplicaAlone() throws IOException {
        try (Wire ours = new Wire(arena.node().port())) {
            ours.call("FLUSHALL");
            assertThat(ours.call("DEBUG", "REPLICATE", "SET", "ghost", "1").text())
                    .isEqualTo("OK");
            assertThat(ours.call("EXISTS", "ghost").asLong()).isZero();
            assertThat(arena.aftermath().onReplica("GET", "ghost").text()).isEqualTo("1");
            ours.call("DEL", "ghost");
            arena.aftermath().onReplica("DEL", "ghost");
            ours.call("FLUSHALL");
        }
    }

    @Test
    void aNewHistoryHasANewName() throws IOException {
        try (Wire ours = new Wire(arena.node().port())) {
            String before = replicationId(ours);
            assertThat(ours.call("DEBUG", "CHANGE-REPL-ID").text()).isEqualTo("OK");
            assertThat(replicationId(ours)).isNotEqualTo(before);
        }
    }

    private static String replicationId(Wire wire) throws IOException {
        return wire.call("INFO", "replication").text().replaceFirst("(?s).*\r\nmaster_replid:(\\w+)\r\n.*", "$1");
    }
}
