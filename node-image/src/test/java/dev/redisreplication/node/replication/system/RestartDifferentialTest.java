package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/**
 * A replica and a master that are started anew, each after a clean end and after SIGKILL: where their data are in the history is in
 * their files, and the rest is enough. The real server knows it by its dump only.
 */
class RestartDifferentialTest {
    private static final String PARTIAL = "partial";
    private static final List<String> ALL_PARTIAL = Collections.nCopies(4, PARTIAL);

    @TempDir
    private Path folder;

    private enum Kept {
        DUMP("--save", "3600 1000000"),
        PREAMBLE("--appendonly", "yes", "--save", ""),
        COMMANDS("--appendonly", "yes", "--aof-use-rdb-preamble", "no", "--save", "");

        private final List<String> flags;

        Kept(String... flags) {
            this.flags = List.of(flags);
        }
    }

    /** What becomes of the link: the replica ended, then killed, the master ended, then killed. */
    private List<String> restarts(String program, Kept kept) throws Exception {
        List<String> outcomes = new ArrayList<>();
        try (ServerProcess master = start(program, kept, "master");
                ServerProcess replica = start(program, kept, "replica", "--replicaof", "127.0.0.1 " + master.port())) {
            write(master, 1);
            replica.awaitCaughtUp(master);
            rewrite(master, kept);
            rewrite(replica, kept);
            write(master, 2);
            replica.awaitCaughtUp(master);
            for (boolean killed : new boolean[] {false, true}) {
                long full = number(master, "sync_full");
                long partial = number(master, "sync_partial_ok");
                end(replica, killed);
                write(master, 3);
                replica.start();
                replica.awaitCaughtUp(master);
                outcomes.add(outcome(number(master, "sync_full") - full, number(master, "sync_partial_ok") - partial));
                same(master, replica);
                assertThat(replica.info("master_replid")).isEqualTo(master.info("master_replid"));
            }
            for (boolean killed : new boolean[] {false, true}) {
                write(master, 4);
                replica.awaitCaughtUp(master);
                if (killed && kept == Kept.DUMP) {
                    master.call("SAVE");
                }
                String history = master.info("master_replid");
                long offset = master.offset();
                end(master, killed);
                master.start();
                replica.awaitCaughtUp(master);
                String outcome = outcome(number(master, "sync_full"), number(master, "sync_partial_ok"));
                if (outcome.equals(PARTIAL)) { // it has a history of its own now, and knows where the one before ended
                    assertThat(master.info("master_replid2")).isEqualTo(history);
                    assertThat(number(
                                    master,
                                    "second_repl_offset")) // who is asked to end asks for acknowledgements first
                            .isGreaterThan(offset);
                }
                outcomes.add(outcome);
                same(master, replica);
            }
        }
        return outcomes;
    }

    private ServerProcess start(String program, Kept kept, String name, String... more) {
        List<String> flags = new ArrayList<>(kept.flags);
        flags.addAll(List.of(more));
        flags.addAll(List.of("--repl-ping-replica-period", "3600", "--enable-debug-command", "yes"));
        return ServerProcess.of(program, folder.resolve(program + kept + name), flags.toArray(String[]::new));
    }

    private static void end(ServerProcess server, boolean killed) throws InterruptedException {
        if (killed) {
            server.kill();
        } else {
            server.stop();
        }
    }

    private static void write(ServerProcess to, long seed) {
        try (Jedis jedis = to.connect()) {
            new Workload(seed).run(jedis, 300);
        }
    }

    private static void rewrite(ServerProcess server, Kept kept) {
        if (kept != Kept.DUMP) {
            server.call("BGREWRITEAOF");
            server.awaitInfo("aof_rewrite_scheduled", "0");
            server.awaitInfo("aof_rewrite_in_progress", "0");
        }
    }

    private static String outcome(long full, long partial) {
        return full == 0 && partial > 0 ? PARTIAL : "full";
    }

    private static long number(ServerProcess server, String field) {
        return Long.parseLong(server.info(field));
    }

    private static void same(ServerProcess one, ServerProcess other) {
        assertThat(other.call("DEBUG", "DIGEST")).isEqualTo(one.call("DEBUG", "DIGEST"));
    }

    @ParameterizedTest
    @EnumSource
    void theNodeGoesOnWithEitherFile(Kept kept) throws Exception {
        assertThat(restarts("node", kept)).isEqualTo(ALL_PARTIAL);
    }

    @Test
    void theRealServerGoesOnWithItsDump() throws Exception {
        assertThat(restarts("redis", Kept.DUMP)).isEqualTo(ALL_PARTIAL);
        assertThat(restarts("redis", Kept.PREAMBLE)).doesNotContain(PARTIAL);
    }
}
