package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.replication.system.FaultyLink.Fault;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A link that is cut, delayed, torn and damaged at random while there are writes: in the end the data are equal, and once a
 * replica has had its full sync it never needs another one. {@code -Dlink.rounds} says how many rounds, {@code -Dlink.seed}
 * which; both print what happened.
 */
class FaultyLinkTest {
    private static final int ROUNDS = Integer.getInteger("link.rounds", 3);
    private static final long SEED = Long.getLong("link.seed", 1);
    private static final int KEYS = 2000;

    /** Each so many rounds the replica begins anew, with a full sync under faults. */
    private static final int ANEW = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"node, node", "node, redis", "redis, node"})
    void endsInEqualDataWithoutANeedlessFullSync(String master, String replica) throws Exception {
        int needless = 0;
        int syncs = 0;
        int resumed = 0;
        try (ServerProcess first = ServerProcess.of(
                        master,
                        folder.resolve("master"),
                        "--repl-backlog-size",
                        "64mb",
                        "--enable-debug-command",
                        "yes",
                        "--repl-timeout",
                        "6",
                        "--repl-ping-replica-period",
                        "1");
                ServerProcess second = ServerProcess.of(
                        replica, folder.resolve("replica"), "--enable-debug-command", "yes", "--repl-timeout", "6");
                FaultyLink link = new FaultyLink(first.port(), SEED);
                Jedis writer = first.connect()) {
            Random random = new Random(SEED);
            write(writer, random, 20_000);
            // A real server goes on with what it cannot read as if it had been sent, or ends with a damaged dump.
            Set<Fault> faults =
                    replica.equals("node") ? Set.of(Fault.values()) : Set.of(Fault.CUT, Fault.HALVE, Fault.DELAY);
            for (int round = 0; round < ROUNDS; round++) {
                if (round % ANEW == 0) {
                    second.call("REPLICAOF", "NO", "ONE");
                    second.call("SET", "own", "1");
                    link.harm(faults, 10 + random.nextInt(60));
                    second.call("REPLICAOF", "127.0.0.1", Integer.toString(link.port()));
                    write(writer, random, 2000);
                    syncs += awaitFullSync(second, link);
                }
                long full = Long.parseLong(first.info("sync_full"));
                link.harm(faults, 2 + random.nextInt(6));
                for (int i = 0; i < 8; i++) {
                    write(writer, random, 300);
                    if (random.nextInt(4) == 0) {
                        link.cut();
                    }
                }
                link.heal();
                second.awaitCaughtUp(first);
                assertThat(second.call("DEBUG", "DIGEST"))
                        .as("round %d of seed %d", round, SEED)
                        .isEqualTo(first.call("DEBUG", "DIGEST"));
                needless += (int) (Long.parseLong(first.info("sync_full")) - full);
            }
            resumed = Integer.parseInt(first.info("sync_partial_ok"));
            report(master + " -> " + replica, link.done(), syncs, resumed, needless);
        }
        assertThat(resumed).isPositive();
        assertThat(needless).as("full syncs after the first").isZero();
    }

    @SuppressWarnings("SystemOut")
    private static void report(String who, Map<Fault, Integer> done, int syncs, int resumed, int needless) {
        if (System.getProperty("link.rounds") != null) {
            System.out.printf(
                    "%s, seed %d: %d rounds, equal data; faults %s; %d full syncs under faults, %d links resumed, %d needless"
                            + " full syncs%n",
                    who, SEED, ROUNDS, done, syncs, resumed, needless);
        }
    }

    /** Lets it go on under faults for a while, and without them until it is there; 1. */
    private static int awaitFullSync(ServerProcess replica, FaultyLink link) {
        long before = System.nanoTime();
        Awaitility.await("a full sync")
                .ignoreException(JedisConnectionException.class)
                .until(() -> {
                    if (System.nanoTime() - before > 5_000_000_000L) {
                        link.heal();
                    }
                    return replica.info("master_link_status").equals("up");
                });
        return 1;
    }

    /** Commands whose arguments are shorter than a damaged place, and which all data depend on. */
    private static void write(Jedis jedis, Random random, int commands) {
        Pipeline pipeline = jedis.pipelined();
        for (int i = 0; i < commands; i++) {
            String key = "key:" + random.nextInt(KEYS);
            switch (random.nextInt(7)) {
                case 0 -> pipeline.incr("counter:" + random.nextInt(10));
                case 1 -> pipeline.rpush("list:" + random.nextInt(10), "v" + random.nextInt());
                case 2 -> pipeline.lpop("list:" + random.nextInt(10));
                case 3 -> pipeline.hset("hash:" + random.nextInt(10), key, "v" + random.nextInt());
                case 4 -> {
                    pipeline.sendCommand(Command.MULTI, new String[0]);
                    pipeline.incr("counter:a");
                    pipeline.incr("counter:b");
                    pipeline.sendCommand(Command.EXEC, new String[0]);
                }
                case 5 -> pipeline.del(key);
                default -> pipeline.set(key, "v" + random.nextInt());
            }
        }
        pipeline.sync();
    }
}
