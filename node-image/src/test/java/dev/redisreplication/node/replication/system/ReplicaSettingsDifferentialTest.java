package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.replication.system.Cast.HOST;
import static dev.redisreplication.node.replication.system.Cast.awaitLog;
import static dev.redisreplication.node.replication.system.Cast.awaitServed;
import static dev.redisreplication.node.replication.system.Cast.follow;
import static dev.redisreplication.node.replication.system.Cast.reply;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica says of itself, serves, takes and refuses, as its settings tell it, and what both sides show of it. */
class ReplicaSettingsDifferentialTest {
    @TempDir
    Path folder;

    private static void awaitRole(ServerProcess replica, String state) {
        Awaitility.await(state)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> replica.call("ROLE").toString().contains(", " + state + ","));
    }

    @Test
    void announcesAnotherAddress() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master");
            ServerProcess replica = cast.start(
                    "replica",
                    "--replica-announce-ip",
                    "10.0.0.9",
                    "--replica-announce-port",
                    "7777",
                    "--replica-priority",
                    "7",
                    "--replica-announced",
                    "no",
                    "--replicaof",
                    HOST + " " + master.port());
            replica.awaitCaughtUp(master);
            awaitLog(master, "10.0.0.9:7777");
            Awaitility.await().until(() -> master.info("slave0").contains("offset=" + master.offset()));
            cast.look("announced by others");
            cast.note("announced by others", master.call("ROLE"), replica.call("ROLE"));
            for (String[] words : new String[][] {
                {"replica-announce-ip", "a.name"},
                {"slave-announce-port", "0"},
                {"replica-announce-port", "65536"},
                {"slave-priority", "0"},
                {"replica-priority", "-1"},
                {"replica-announced", "yes"},
                {"replica-announced", "maybe"}
            }) {
                cast.ask("set", replica, "CONFIG", "SET", words[0], words[1]);
                cast.ask("set", replica, "CONFIG", "GET", words[0]);
            }
            cast.look("set: from the next link on");
            master.call("CLIENT", "KILL", "TYPE", "replica");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> master.info("slave0")
                    .contains("a.name"));
            cast.note("the next link", master.call("ROLE").toString().contains("a.name"));
            replica.call("CONFIG", "SET", "replica-announce-ip", "");
            master.call("CLIENT", "KILL", "TYPE", "replica");
            awaitServed(replica, master);
            cast.look("nothing announced");
        });
    }

    /** ROLE and INFO in each state that a link goes through, on the replica, and on a master that can be asked. */
    @Test
    void whatEachStateIsCalled() {
        Cast.compare(folder, cast -> {
            String mark = "f".repeat(40);
            String dump = "REDIS0009\u00ff\0\0\0\0\0\0\0\0";
            ServerProcess replica = cast.start("replica");
            cast.note("master", replica.call("ROLE"));
            replica.call("REPLICAOF", HOST, "1");
            awaitLog(replica, "refused");
            awaitRole(replica, "connect");
            cast.look("connect");
            try (ServerSocket master = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                master.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
                cast.called(master.getLocalPort(), "by hand");
                replica.call("REPLICAOF", HOST, Integer.toString(master.getLocalPort()));
                try (Socket link = master.accept()) {
                    awaitRole(replica, "handshake");
                    state(cast, "handshake", replica);
                    MasterByHand.psync(link);
                    MasterByHand.send(link, "+FULLRESYNC " + "1".repeat(40) + " 100\r\n");
                    awaitRole(replica, "sync");
                    state(cast, "waits for a dump", replica);
                    MasterByHand.send(link, "$" + dump.length() + "\r\n" + dump.substring(0, 7));
                    replica.awaitInfo("master_sync_read_bytes", "7");
                    state(cast, "gets a dump", replica);
                    MasterByHand.send(link, dump.substring(7));
                    awaitRole(replica, "connected");
                    state(cast, "connected", replica);
                    MasterByHand.send(link, "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
                    replica.awaitInfo("slave_read_repl_offset", Integer.toString(100 + 15 + 27));
                    cast.note(
                            "in a transaction", replica.info("slave_repl_offset"), replica.info("master_repl_offset"));
                }
                try (Socket link = master.accept()) {
                    cast.note("asks to go on", MasterByHand.psync(link));
                    state(cast, "was connected", replica);
                    MasterByHand.send(link, "+FULLRESYNC " + "2".repeat(40) + " 500\r\n$EOF:" + mark + "\r\n" + dump);
                    awaitRole(replica, "sync");
                    awaitLog(replica, "receiving streamed RDB from master with EOF");
                    cast.note("gets one without length", replica.info("master_sync_total_bytes"));
                }
            }
        });
    }

    private static void state(Cast cast, String state, ServerProcess replica) {
        cast.look(state);
        cast.note(state, replica.call("ROLE"));
    }

    @Test
    void takesWritesOfItsOwn() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master");
            ServerProcess replica = cast.start("replica", "--replica-read-only", "no");
            ServerProcess leaf = cast.start("leaf");
            follow(replica, master);
            follow(leaf, replica);
            master.call("SET", "a", "1");
            awaitServed(replica, master);
            awaitServed(leaf, replica);
            cast.ask("own writes", replica, "SET", "own", "1");
            cast.ask("own writes", replica, "INCR", "a");
            cast.ask("own writes", replica, "SET", "short", "1", "PX", "1");
            cast.ask("own writes", replica, "EVAL", "return redis.call('rpush', 'list', 'a')", "0");
            cast.ask("own writes", replica, "WAIT", "1", "1");
            Awaitility.await().until(() -> reply(replica, "EXISTS", "short").equals("0"));
            cast.look("own writes move no offset");
            for (ServerProcess each : new ServerProcess[] {master, replica, leaf}) {
                for (String key : new String[] {"own", "a", "short", "list"}) {
                    cast.ask("who has what", each, "EXISTS", key);
                }
            }
            cast.ask("live", replica, "CONFIG", "SET", "slave-read-only", "yes");
            cast.ask("live", replica, "SET", "own", "2");
            cast.ask("live", replica, "EVAL", "return redis.call('set', 'own', '3')", "0");
            cast.ask("live", replica, "GET", "own");
            cast.look("live");
            master.call("SET", "a", "5");
            awaitServed(replica, master);
            cast.ask("the master's word", replica, "GET", "a");
        });
    }

    @Test
    void keepsToMaxmemoryOnlyIfItIsTold() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master");
            ServerProcess replica = cast.start("replica", "--replica-read-only", "no");
            follow(replica, master);
            replica.call("CONFIG", "SET", "maxmemory", "1");
            cast.ask("ignored", replica, "SET", "own", "1");
            cast.ask("ignored", replica, "EVAL", "return redis.call('set', 'own', '3')", "0");
            cast.ask("told", replica, "CONFIG", "SET", "replica-ignore-maxmemory", "no");
            cast.ask("told", replica, "SET", "own", "2");
            cast.ask("told", replica, "EVAL", "return redis.call('set', 'own', '3')", "0");
            master.call("SET", "a", "1");
            awaitServed(replica, master); // Redis takes not even its master's word then, a node does
            replica.call("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
            master.call("SET", "b", "1");
            awaitServed(replica, master);
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> reply(replica, "DBSIZE")
                    .equals("0"));
            cast.ask("told to evict", master, "DBSIZE");
            cast.ask("ignored", replica, "CONFIG", "SET", "slave-ignore-maxmemory", "yes");
            master.call("SET", "c", "1");
            awaitServed(replica, master);
            cast.ask("ignored", replica, "DBSIZE");
            replica.call("REPLICAOF", "NO", "ONE");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> reply(replica, "DBSIZE")
                    .equals("0"));
            cast.ask("a master again", replica, "SET", "own", "1");
        });
    }

    @Test
    void servesNothingStaleIfItIsTold() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master");
            ServerProcess replica = cast.start("replica", "--replica-serve-stale-data", "no");
            master.call("SET", "a", "1");
            follow(replica, master);
            cast.ask("linked", replica, "GET", "a");
            master.kill();
            replica.awaitInfo("master_link_status", "down");
            for (String[] words : new String[][] {
                {"GET", "a"},
                {"SET", "a", "2"},
                {"KEYS", "*"},
                {"PUBLISH", "c", "1"},
                {"EVAL", "return 1", "0"},
                {"EVAL", "return redis.call('get', 'a')", "0"},
                {"EVAL", "#!lua flags=allow-stale\nreturn redis.call('get', 'a')", "0"},
                {"EVAL", "#!lua flags=allow-stale\nreturn redis.call('echo', 'a')", "0"},
                {"CONFIG", "SET", "slave-serve-stale-data", "yes"},
                {"GET", "a"},
                {"CONFIG", "SET", "replica-serve-stale-data", "no"},
                {"GET", "a"},
                {"REPLICAOF", "NO", "ONE"},
                {"GET", "a"}
            }) {
                cast.ask("without a link", replica, words);
            }
        });
    }
}
