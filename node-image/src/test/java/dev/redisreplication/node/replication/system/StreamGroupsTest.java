package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumer groups reach replicas, the append-only file and the dump, whole; with real servers at the other end. */
class StreamGroupsTest {
    private static final Set<String> OF_THE_TREE = Set.of("radix-tree-keys", "radix-tree-nodes");
    private static final Set<String> SEEN = Set.of("seen-time");

    @TempDir
    Path folder;

    /** Everything about the stream at {@code s} but the figures of these names. */
    private static Object state(ServerProcess server, Set<String> leftOut) {
        return without(server.call("XINFO", "STREAM", "s", "FULL", "COUNT", "0"), leftOut);
    }

    private static Object without(Object reply, Set<String> leftOut) {
        if (!(reply instanceof List<?> items)) {
            return reply;
        }
        List<Object> left = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof String name && (leftOut.contains(name) || OF_THE_TREE.contains(name))) {
                i++;
            } else {
                left.add(without(items.get(i), leftOut));
            }
        }
        return left;
    }

    private static void fill(ServerProcess server) {
        for (int i = 1; i <= 250; i++) {
            server.call("XADD", "s", i + "-1", "field", "value " + i);
        }
        lines(server, """
                XGROUP CREATE s g 0
                XGROUP CREATE s unknown 7-1
                XGROUP CREATE s gone 0
                XREADGROUP GROUP g one COUNT 120 STREAMS s >
                XREADGROUP GROUP g two COUNT 10 STREAMS s >
                XREADGROUP GROUP g three COUNT 5 NOACK STREAMS s >
                XREADGROUP GROUP g idle STREAMS s 0
                XREADGROUP GROUP unknown one COUNT 3 STREAMS s >
                XACK s g 1-1 3-1 121-1
                XCLAIM s g two 0 2-1 4-1
                XCLAIM s g four 0 5-1 200-1 FORCE RETRYCOUNT 9 TIME 1000
                XCLAIM s g four 0 999-1 LASTID 137-1
                XDEL s 6-1 240-1
                XAUTOCLAIM s g five 0 5 COUNT 3
                XGROUP CREATECONSUMER s g six
                XGROUP DELCONSUMER s g three
                XGROUP DESTROY s gone
                XADD s 300-1 a b
                XSETID s 301-1 ENTRIESADDED 1000
                XADD s MAXLEN ~ 100 LIMIT 100 302-1 a b
                """);
    }

    private static void lines(ServerProcess server, String commands) {
        Stream.of(commands.split("\n")).forEach(line -> server.call(line.split(" ")));
    }

    @Test
    void aRealReplicaHasWhatOurMasterHas() {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"));
                ServerProcess real =
                        ServerProcess.redis(folder.resolve("real"), "--replicaof", "127.0.0.1 " + node.port())) {
            real.awaitCaughtUp(node);
            fill(node);
            real.awaitCaughtUp(node);
            assertThat(state(real, SEEN)).isEqualTo(state(node, SEEN));
            try (ServerProcess late =
                    ServerProcess.redis(folder.resolve("late"), "--replicaof", "127.0.0.1 " + node.port())) {
                late.awaitCaughtUp(node);
                assertThat(state(late, Set.of())).as("by the dump").isEqualTo(state(node, Set.of()));
            }
        }
    }

    @Test
    void ourReplicaHasWhatARealReplicaHas() {
        try (ServerProcess master = ServerProcess.redis(folder.resolve("master"));
                ServerProcess real =
                        ServerProcess.redis(folder.resolve("real"), "--replicaof", "127.0.0.1 " + master.port());
                ServerProcess node =
                        ServerProcess.node(folder.resolve("node"), "--replicaof", "127.0.0.1 " + master.port())) {
            real.awaitCaughtUp(master);
            node.awaitCaughtUp(master);
            fill(master);
            real.awaitCaughtUp(master);
            node.awaitCaughtUp(master);
            assertThat(state(node, SEEN)).isEqualTo(state(real, SEEN));
            try (ServerProcess late =
                    ServerProcess.node(folder.resolve("late"), "--replicaof", "127.0.0.1 " + master.port())) {
                late.awaitCaughtUp(master);
                assertThat(state(late, Set.of())).as("by the dump").isEqualTo(state(master, Set.of()));
            }
        }
    }

    @Test
    void anApproximateTrimThatLeavesNothingIsToldExactly() {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"));
                ServerProcess real =
                        ServerProcess.redis(folder.resolve("real"), "--replicaof", "127.0.0.1 " + node.port())) {
            real.awaitCaughtUp(node);
            lines(node, """
                    XADD s 1-1 a b
                    XTRIM s MINID ~ 100-1
                    XADD s 2-1 a b
                    """);
            assertThat(node.call("XLEN", "s")).isEqualTo(1L);
            real.awaitCaughtUp(node);
            assertThat(state(real, SEEN)).isEqualTo(state(node, SEEN));
        }
    }

    @Test
    void aRestartKeepsGroups() throws Exception {
        try (ServerProcess node = ServerProcess.node(folder.resolve("node"), "--appendonly", "yes")) {
            fill(node);
            Object before = state(node, SEEN);
            node.kill();
            node.start();
            assertThat(state(node, SEEN)).as("by the commands").isEqualTo(before);
            Object whole = state(node, Set.of());
            node.call("BGREWRITEAOF");
            node.awaitInfo("aof_rewrite_in_progress", "0");
            assertThat(node.info("aof_last_bgrewrite_status")).isEqualTo("ok");
            node.kill();
            node.start();
            assertThat(state(node, Set.of())).as("by the dump in front").isEqualTo(whole);
        }
    }
}
