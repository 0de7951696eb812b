package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.replication.system.Cast.HOST;
import static dev.redisreplication.node.replication.system.Cast.awaitLog;
import static dev.redisreplication.node.replication.system.Cast.awaitServed;
import static dev.redisreplication.node.replication.system.Cast.follow;
import static dev.redisreplication.node.replication.system.Cast.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** The replication backlog: its size, how long it is kept, from where it lets replicas go on; and acknowledgements. */
class BacklogDifferentialTest {
    private static final long CHUNK = 64 << 10; // both trim in pieces, ours to the byte

    @TempDir
    Path folder;

    private static void write(ServerProcess to, int kilobytes) {
        try (Jedis jedis = to.connect()) {
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < kilobytes; i++) {
                pipeline.set("key:" + i % 10, "x".repeat(1000));
            }
            pipeline.sync();
        }
    }

    private static long number(ServerProcess server, String field) {
        return Long.parseLong(server.info(field));
    }

    @Test
    void isFreedWhereNobodyHasNeededItForLong() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master", "--repl-backlog-ttl", "1");
            ServerProcess replica = cast.start("replica", "--repl-backlog-ttl", "1");
            follow(replica, master);
            master.call("SET", "a", "1");
            awaitServed(replica, master);
            seconds(replica, 4);
            cast.look("as long as there is a link");
            replica.call("REPLICAOF", "NO", "ONE");
            for (ServerProcess each : new ServerProcess[] {master, replica}) {
                awaitLog(each, "Replication backlog freed after 1 seconds without connected replicas.");
                each.awaitInfo("repl_backlog_active", "0");
            }
            cast.look("after a while without");
            master.call("SET", "a", "2"); // moves no offset
            cast.look("after a write");
            follow(replica, master);
            cast.note("full syncs", master.info("sync_full"), master.info("sync_partial_ok"));
            cast.look("linked anew");
            master.call("CONFIG", "SET", "repl-backlog-ttl", "0"); // for ever
            replica.call("REPLICAOF", HOST, "1");
            master.awaitInfo("connected_slaves", "0");
            seconds(master, 4);
            master.call("SET", "a", "3");
            cast.look("kept for ever");
            follow(replica, master);
            cast.note("full syncs", master.info("sync_full"), master.info("sync_partial_ok"));
        });
    }

    @Test
    void hasTheSizeThatItIsGiven() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master", "--repl-backlog-size", "20kb");
            cast.note("by the command line", master.info("repl_backlog_size"));
            for (String size : new String[] {"0", "-1", "x", "1", "1000", "16385", "1mb"}) {
                cast.ask("is set", master, "CONFIG", "SET", "repl-backlog-size", size);
                cast.ask("is set", master, "CONFIG", "GET", "repl-backlog-size");
            }
            ServerProcess replica = cast.start("replica", "--repl-backlog-size", "100kb");
            follow(replica, master);
            write(master, 500);
            awaitServed(replica, master);
            cast.note(
                    "all of it fits",
                    master.info("repl_backlog_first_byte_offset"),
                    master.info("repl_backlog_histlen"));
            bounds(cast, "the replica has one of its own", replica, 100 << 10);
            write(master, 3000);
            awaitServed(replica, master);
            bounds(cast, "more than fits", master, 1 << 20);
            master.call("CONFIG", "SET", "repl-backlog-size", "200kb");
            write(master, 1);
            awaitServed(replica, master);
            seconds(master, 2);
            write(master, 100);
            bounds(cast, "made smaller", master, 200 << 10);
            long from = number(master, "repl_backlog_first_byte_offset");
            master.call("CONFIG", "SET", "repl-backlog-size", "10mb");
            write(master, 1000);
            cast.note("made larger: nothing goes", number(master, "repl_backlog_first_byte_offset") == from);
        });
    }

    private static void bounds(Cast cast, String state, ServerProcess server, long size) {
        String info = (String) server.call("INFO", "replication");
        long[] found = new long[3];
        String[] names = {"repl_backlog_first_byte_offset", "repl_backlog_histlen", "master_repl_offset"};
        info.lines().forEach(line -> {
            for (int i = 0; i < names.length; i++) {
                if (line.startsWith(names[i] + ":")) {
                    found[i] = Long.parseLong(line.substring(names[i].length() + 1));
                }
            }
        });
        assertThat(found[1]).as("%s, %s", state, server).isBetween(size, size + CHUNK);
        cast.note(state, "reaches to its end:", found[0] + found[1] - 1 == found[2]);
    }

    /** The first and the last place from which a replica can go on, and those beside them; with the old name as well. */
    @Test
    void letsGoOnFromWhereItReaches() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master");
            ServerProcess other = cast.start("other");
            follow(other, master);
            master.call("SET", "a", "1");
            awaitServed(other, master);
            String old = master.info("master_replid");
            long shared = master.offset();
            other.call("REPLICAOF", "NO", "ONE");
            other.call("SET", "a", "2");
            write(other, 1);
            String now = other.info("master_replid");
            long first = number(other, "repl_backlog_first_byte_offset");
            long next = other.offset() + 1;
            long[] places = {-1, 0, first - 1, first, shared, shared + 1, shared + 2, next - 1, next, next + 1};
            String[] ids = {now, old, "?", now.toUpperCase(Locale.ROOT), "x"};
            for (int i = 0; i < ids.length; i++) {
                for (long place : places) {
                    try (ReplicaByHand replica = ReplicaByHand.at(other, 7999)) {
                        cast.note("name " + i, place, replica.sent("PSYNC " + ids[i] + " " + place));
                    }
                    other.awaitInfo("connected_slaves", "0");
                }
            }
            cast.note(
                    "counted", other.info("sync_full"), other.info("sync_partial_ok"), other.info("sync_partial_err"));
        });
    }

    /** WAIT for all that there was at another command of the client, whoever wrote it. */
    private static Object waitFor(ServerProcess master, int replicas, int millis) {
        try (Jedis jedis = master.connect()) {
            jedis.ping();
            return ServerProcess.call(jedis, "WAIT", Integer.toString(replicas), Integer.toString(millis));
        }
    }

    @Test
    void acknowledgementsAreAskedFor() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master");
            ServerProcess replica = cast.start("replica");
            // From a client, a question has no answer, nor has an acknowledgement.
            for (ServerProcess each : new ServerProcess[] {master, replica}) {
                for (String words :
                        new String[] {"getack *", "getack", "ack 1", "ack x", "ack 1 fack 1", "getack * *"}) {
                    try (ReplicaByHand client = new ReplicaByHand(each, "listening-port 1")) {
                        client.send("REPLCONF " + words + "\r\n");
                        cast.note(words, client.ask("ECHO a"));
                    }
                }
                if (each == master) {
                    follow(replica, master);
                }
            }
            cast.look("acknowledgements of strangers");
            try (ReplicaByHand first = ReplicaByHand.at(master, 7999)) {
                cast.called(7999, "by hand");
                long offset = first.join(master);
                CompletableFuture<Object> waits = CompletableFuture.supplyAsync(() -> {
                    try (Jedis jedis = master.connect()) {
                        jedis.set("a", "1");
                        return ServerProcess.call(jedis, "WAIT", "2", "0");
                    }
                });
                first.skipPast("\r\n$1\r\na\r\n$1\r\n1\r\n");
                first.skipPast("*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n");
                replica.awaitCaughtUp(master);
                cast.note("one has not answered", waits.isDone());
                first.acknowledge(offset + 1); // not all of it
                cast.note("or not of all", waitFor(master, 2, 1), waits.isDone());
                first.acknowledge(master.offset());
                cast.note("it has", waits.get(90, TimeUnit.SECONDS));
                cast.note("who wrote nothing", waitFor(master, 5, 1));
                first.acknowledge(1L << 40); // more than there is
                cast.note("who wrote nothing", waitFor(master, 2, 0));
                cast.ask("a replica", replica, "WAIT", "1", "1");
            }
        });
    }
}
