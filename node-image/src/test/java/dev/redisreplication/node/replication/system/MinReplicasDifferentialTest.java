package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.replication.system.Cast.reply;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** min-replicas-to-write and min-replicas-max-lag: what is refused when, and what INFO says of it. */
class MinReplicasDifferentialTest {
    private static final String OK = "OK";
    private static final String REFUSED = "NOREPLICAS Not enough good replicas to write.";

    /** Each kind of command, by what it does to the data. */
    private static final List<List<String>> KINDS = List.of(
            List.of("SET", "a", "1"),
            List.of("DEL", "nothing"),
            List.of("EXPIRE", "nothing", "10"),
            List.of("GETEX", "a"),
            List.of("GET", "a"),
            List.of("SORT", "nothing"),
            List.of("SORT", "nothing", "STORE", "b"),
            List.of("PFCOUNT", "nothing"),
            List.of("PUBLISH", "c", "1"),
            List.of("SPUBLISH", "c", "1"),
            List.of("BLPOP", "nothing", "0.01"),
            List.of("XREADGROUP", "GROUP", "g", "c", "STREAMS", "nothing", ">"),
            List.of("SWAPDB", "0", "1"),
            List.of("FLUSHALL"),
            List.of("FUNCTION", "FLUSH"),
            List.of("FUNCTION", "LOAD", "#!lua name=l\nredis.register_function('f', function() return 1 end)"),
            List.of("SCRIPT", "FLUSH"),
            List.of("EVAL", "return 1", "0"),
            List.of("EVAL", "return redis.call('set', KEYS[1], '1')", "1", "a"),
            List.of("EVAL", "return redis.pcall('set', KEYS[1], '1').err", "1", "a"),
            List.of("EVAL", "#!lua\nreturn 1", "0"),
            List.of("EVAL", "#!lua flags=no-writes\nreturn 1", "0"),
            List.of("CONFIG", "SET", "maxmemory", "0"));

    @TempDir
    Path folder;

    private static void await(ServerProcess master, String expected) {
        Awaitility.await(expected).atMost(ServerProcess.PATIENCE).until(() -> reply(master, "SET", "a", "1")
                .equals(expected));
    }

    private static void await(ServerProcess master, String field, String value) {
        Awaitility.await(field + ":" + value).atMost(ServerProcess.PATIENCE).until(() -> master.info(field)
                .equals(value));
    }

    private static void all(Cast cast, String state, ServerProcess master) {
        for (List<String> command : KINDS) {
            cast.ask(state, master, command.toArray(String[]::new));
            try (Jedis jedis = master.connect()) {
                for (String[] each : new String[][] {{"MULTI"}, command.toArray(String[]::new), {"EXEC"}}) {
                    cast.note(state, "queued: " + said(jedis, each));
                }
            }
        }
        cast.look(state);
    }

    private static String said(Jedis jedis, String... command) {
        try {
            return String.valueOf(ServerProcess.call(jedis, command));
        } catch (JedisDataException e) {
            return e.getMessage();
        }
    }

    @Test
    void writesWaitForReplicasThatAcknowledge() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master", "--min-replicas-to-write", "1", "--min-replicas-max-lag", "2");
            all(cast, "no replica", master);
            cast.called(7999, "by hand");
            try (ReplicaByHand replica = ReplicaByHand.at(master, 7999);
                    Jedis early = master.connect()) {
                long offset = replica.sync();
                AtomicBoolean speaks = new AtomicBoolean(true);
                Thread speaker = Thread.ofVirtual().start(() -> speak(replica, offset, speaks));
                await(master, OK);
                all(cast, "one that acknowledges", master);
                cast.note("queued while it did", said(early, "MULTI"), said(early, "SET", "a", "2"));
                cast.ask("two are wanted", master, "CONFIG", "SET", "min-replicas-to-write", "2");
                cast.ask("two are wanted", master, "SET", "a", "1");
                cast.ask("none is wanted", master, "CONFIG", "SET", "min-replicas-to-write", "0");
                cast.ask("none is wanted", master, "SET", "a", "1");
                cast.ask("none is wanted", master, "CONFIG", "GET", "min-slaves-to-write");
                cast.look("none is wanted");
                cast.ask("they may lag for ever", master, "CONFIG", "SET", "min-slaves-to-write", "5");
                cast.ask("they may lag for ever", master, "SET", "a", "1");
                cast.ask("they may lag for ever", master, "CONFIG", "SET", "min-slaves-max-lag", "0");
                cast.ask("they may lag for ever", master, "SET", "a", "1");
                cast.look("they may lag for ever");
                cast.ask("bad values", master, "CONFIG", "SET", "min-replicas-max-lag", "-1");
                cast.ask("bad values", master, "CONFIG", "SET", "min-replicas-to-write", "x");
                master.call("CONFIG", "SET", "min-replicas-to-write", "1", "min-replicas-max-lag", "2");
                await(master, OK);

                speaks.set(false);
                speaker.join();
                await(master, REFUSED);
                cast.note("it fell silent", master.info("min_slaves_good_slaves"), master.info("connected_slaves"));
                cast.note("queued while it did", said(early, "EXEC"));
                replica.acknowledge(offset);
                await(master, OK);
                cast.note("it spoke again", master.info("min_slaves_good_slaves"));
            }
            await(master, "connected_slaves", "0");
            await(master, REFUSED);
            cast.note("it left", master.info("min_slaves_good_slaves"));
            // As a replica it needs none, and says none; what it may not write is said otherwise.
            master.call("REPLICAOF", Cast.HOST, "1");
            cast.ask("a replica", master, "SET", "a", "1");
            master.call("CONFIG", "SET", "replica-read-only", "no");
            cast.ask("a writable replica", master, "SET", "a", "1");
        });
    }

    private static void speak(ReplicaByHand replica, long offset, AtomicBoolean goesOn) {
        Awaitility.await().forever().until(() -> {
            replica.acknowledge(offset);
            return !goesOn.get();
        });
    }

    /** A replica that has its dump counts until it has been silent for too long, though it may still load. */
    @Test
    void oneThatLoadsCountsAtFirst() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master", "--min-replicas-to-write", "1", "--min-replicas-max-lag", "2");
            try (ReplicaByHand replica = ReplicaByHand.at(master, 7999)) {
                cast.called(7999, "by hand");
                replica.sync();
                await(master, OK);
                cast.note("it has its dump", master.info("min_slaves_good_slaves"), master.call("ROLE"));
                await(master, REFUSED);
                cast.note("it has said nothing", master.info("min_slaves_good_slaves"));
                replica.send("\n"); // as Redis does once a second while it loads
                await(master, OK);
                cast.note("it says that it lives", master.info("min_slaves_good_slaves"));
            }
        });
    }

    /** A master without enough good replicas still pings those that it has: else they would leave it, too. */
    @Test
    void replicasArePingedAllTheSame() {
        Cast.compare(folder, cast -> {
            ServerProcess master =
                    cast.start("master", "--min-replicas-to-write", "5", "--repl-ping-replica-period", "1");
            try (ReplicaByHand replica = ReplicaByHand.at(master, 7999)) {
                replica.join(master);
                replica.skipPast("*1\r\n$4\r\nPING\r\n");
                replica.skipPast("*1\r\n$4\r\nPING\r\n");
                cast.ask("pinged", master, "SET", "a", "1");
            }
        });
    }
}
