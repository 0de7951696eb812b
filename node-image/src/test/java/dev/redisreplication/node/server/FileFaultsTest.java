package dev.redisreplication.node.server;

import static dev.redisreplication.node.server.Clients.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.FaultyDisk;
import dev.redisreplication.node.disk.FaultyDisk.Fault;
import dev.redisreplication.node.disk.RealDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Every change of several files, with each of its operations failing in turn: then the process is killed, or the machine
 * crashes, and whatever was acknowledged must be in what is left.
 */
class FileFaultsTest {
    private static final String[] ALWAYS = {"--appendonly", "yes", "--appendfsync", "always"};
    private static final String[] DUMPS = {"--save", "3600 1000000"};
    private static final int MOST_OPERATIONS = 200;
    /** Stands for: nothing must be there. */
    private static final String EMPTY = "empty";

    @TempDir
    private Path folder;

    private int runs;

    /** What a test does: before any fault, and when one is to come. */
    enum Change {
        /** The first base of an empty directory. */
        BEGIN(ALWAYS),
        /** A start with files that are there, the history of a killed rewrite among them. */
        RESUME(ALWAYS),
        /** The single file of an older server. */
        TAKE_OVER(ALWAYS),
        REWRITE(ALWAYS),
        AUTOMATIC_REWRITE(ALWAYS, "--auto-aof-rewrite-min-size", "1"),
        SAVE(DUMPS),
        BGSAVE(DUMPS),
        FLUSHALL(DUMPS),
        /** A full resync, after which the node is promoted. */
        ADOPT(ALWAYS);

        private final List<String> arguments;

        Change(String[] arguments, String... more) {
            this.arguments = new ArrayList<>(List.of(arguments));
            this.arguments.addAll(List.of(more));
        }

        boolean isStart() {
            return this == BEGIN || this == RESUME || this == TAKE_OVER;
        }

        boolean keepsDumpsOnly() {
            return this == SAVE || this == BGSAVE || this == FLUSHALL;
        }
    }

    private static List<String> arguments(Path directory, List<String> more) {
        List<String> all = new ArrayList<>(
                List.of("--port", "0", "--bind", "127.0.0.1", "--io-transport", "nio", "--dir", directory.toString()));
        if (!more.contains("--save")) {
            all.addAll(List.of("--save", ""));
        }
        all.addAll(more);
        return all;
    }

    private static Server start(Path directory, Disk disk, List<String> more) throws Exception {
        Server server = Server.start(Server.settings(arguments(directory, more).toArray(new String[0])), disk);
        try {
            server.awaitReady();
        } catch (IOException e) {
            kill(server);
            throw e;
        }
        return server;
    }

    private static void kill(Server server) {
        server.loop().execute(server.loop()::stopListening);
        server.loop().stop();
        server.loop().awaitEnd();
    }

    /** Writes, and remembers what was acknowledged. */
    private static void write(Server server, String prefix, int count, Map<String, String> acknowledged) {
        for (int i = 0; i < count; i++) {
            try (Jedis jedis = connect(server)) {
                jedis.set(prefix + i, "value" + i);
                acknowledged.put(prefix + i, "value" + i);
            } catch (JedisException e) {
                // Refused, or closed: nobody was promised anything.
            }
        }
    }

    private static String info(Jedis jedis, String field) {
        return jedis.info("persistence")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static void awaitQuiet(Server server) {
        Awaitility.await().pollInterval(java.time.Duration.ofMillis(2)).until(() -> {
            try (Jedis jedis = connect(server)) {
                return info(jedis, "aof_rewrite_in_progress").equals("0")
                        && info(jedis, "rdb_bgsave_in_progress").equals("0");
            }
        });
    }

    private void prepare(Change change, Path directory, Map<String, String> acknowledged) throws Exception {
        Files.createDirectories(directory);
        if (change == Change.TAKE_OVER) {
            acknowledged.put("old", "1");
            Files.writeString(
                    directory.resolve("appendonly.aof"),
                    "*3\r\n$3\r\nSET\r\n$3\r\nold\r\n$1\r\n1\r\n",
                    StandardCharsets.US_ASCII);
        }
        if (change == Change.RESUME) {
            Server server = start(directory, new RealDisk(), change.arguments);
            write(server, "old", 2, acknowledged);
            kill(server);
            Path files = directory.resolve("appendonlydir");
            Path manifest = files.resolve("appendonly.aof.manifest");
            Files.writeString(files.resolve("past.rdb"), "nothing");
            // A base without an increment, with history to be deleted: the start has most to do.
            Files.writeString(manifest, Files.readString(manifest) + "file past.rdb seq 1 type h\n");
        }
    }

    /** Whether it was answered without an error. */
    private static boolean trigger(Change change, Server server, FaultyDisk disk) {
        try (Jedis jedis = connect(server)) {
            switch (change) {
                case REWRITE -> jedis.bgrewriteaof();
                case AUTOMATIC_REWRITE -> {
                    jedis.configSet("auto-aof-rewrite-percentage", "1");
                    Awaitility.await()
                            .until(() -> disk.hasFailed()
                                    || info(jedis, "aof_rewrites").equals("1"));
                }
                case SAVE -> jedis.save();
                case BGSAVE -> jedis.bgsave();
                case FLUSHALL -> jedis.flushAll();
                default -> {
                    // The start was the change.
                }
            }
            return true;
        } catch (JedisException e) {
            return false; // refused, or closed
        }
    }

    /** One run with the k-th operation failing; false when the change has fewer. */
    private boolean run(Change change, Fault fault, int k) throws Exception {
        Path directory = folder.resolve("run" + runs++);
        Map<String, String> acknowledged = new TreeMap<>();
        prepare(change, directory, acknowledged);
        FaultyDisk disk = new FaultyDisk(directory);
        if (change.isStart()) {
            disk.failAt(k, fault);
        }
        Server server = null;
        try {
            server = start(directory, disk, change.arguments);
        } catch (IOException e) {
            assertThat(change.isStart()).as("only a start may fail").isTrue();
        }
        boolean failed = disk.hasFailed();
        if (server != null) {
            failed |= change == Change.ADOPT
                    ? resync(fault, k, disk, server, acknowledged)
                    : work(change, fault, k, disk, server, acknowledged);
        }
        disk.die();
        if (server != null) {
            kill(server);
        }
        if (failed) {
            check(change, directory, acknowledged, change + ", " + fault + " " + k + ", killed");
            Path crashed = folder.resolve("crash" + runs);
            Files.createDirectories(crashed);
            disk.afterCrash(crashed);
            check(change, crashed, acknowledged, change + ", " + fault + " " + k + ", crashed");
        }
        return failed;
    }

    private static boolean work(
            Change change, Fault fault, int k, FaultyDisk disk, Server server, Map<String, String> acknowledged) {
        write(server, "before", 3, acknowledged);
        if (change == Change.FLUSHALL) {
            try (Jedis jedis = connect(server)) {
                jedis.save();
            }
        }
        if (!change.isStart()) {
            disk.failAt(k, fault);
        }
        boolean answered = trigger(change, server, disk);
        awaitQuiet(server);
        boolean failed = disk.hasFailed();
        if (change.keepsDumpsOnly()) {
            // What counts is what the last save that was reported as good holds.
            try (Jedis jedis = connect(server)) {
                boolean ok = answered && info(jedis, "rdb_last_bgsave_status").equals("ok");
                if (change == Change.FLUSHALL || !ok) {
                    acknowledged.clear();
                }
                if (change == Change.FLUSHALL && ok) {
                    acknowledged.put(EMPTY, EMPTY);
                }
            }
            return failed;
        }
        write(server, "after", 3, acknowledged);
        return failed;
    }

    private boolean resync(Fault fault, int k, FaultyDisk disk, Server server, Map<String, String> acknowledged)
            throws Exception {
        Map<String, String> ofMaster = new TreeMap<>();
        Path there = Files.createDirectories(folder.resolve("master" + runs));
        Server master = start(there, new RealDisk(), List.of("--repl-diskless-sync-delay", "0"));
        try (Jedis jedis = connect(server)) {
            write(master, "master", 3, ofMaster);
            write(server, "before", 3, acknowledged);
            disk.failAt(k, fault);
            jedis.replicaof("127.0.0.1", master.port());
            Awaitility.await()
                    .until(() -> jedis.info("replication").contains("master_link_status:up")
                            || (disk.hasFailed() && fault == Fault.FROM_THEN_ON));
            boolean up = jedis.info("replication").contains("master_link_status:up");
            boolean failed = disk.hasFailed();
            jedis.replicaofNoOne();
            Map<String, String> after = new TreeMap<>();
            write(server, "after", 3, after);
            if (up) {
                acknowledged.clear();
            }
            if (up && !after.isEmpty()) {
                acknowledged.putAll(ofMaster);
            }
            acknowledged.putAll(after);
            return failed;
        } finally {
            kill(master);
        }
    }

    private static void check(Change change, Path directory, Map<String, String> acknowledged, String what)
            throws Exception {
        Server server = start(directory, new RealDisk(), change.arguments);
        try (Jedis jedis = connect(server)) {
            if (acknowledged.containsKey(EMPTY)) {
                assertThat(jedis.dbSize()).as(what).isZero();
                return;
            }
            acknowledged.forEach((key, value) ->
                    assertThat(jedis.get(key)).as(what + ": " + key).isEqualTo(value));
        } finally {
            kill(server);
        }
        try (Stream<Path> all = Files.walk(directory)) {
            assertThat(all.filter(file -> file.getFileName().toString().startsWith("temp-")))
                    .as(what)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void nothingAcknowledgedIsLost(Change change) throws Exception {
        for (Fault fault : Fault.values()) {
            int k = 1;
            while (run(change, fault, k)) {
                k++;
                assertThat(k).isLessThan(MOST_OPERATIONS);
            }
            System.out.println(change + ", " + fault + ": " + (k - 1) + " operations, each failed once");
        }
    }
}
