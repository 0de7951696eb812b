package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.replication.system.Cast.HOST;
import static dev.redisreplication.node.replication.system.Cast.awaitServed;
import static dev.redisreplication.node.replication.system.Cast.follow;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** INFO replication, field by field in their order and with their values, in each state that a link can be in. */
class ReplicationInfoDifferentialTest {
    @TempDir
    Path folder;

    @Test
    void aMasterWithNoneOneAndTwoReplicas() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master", "--min-replicas-to-write", "0");
            master.call("SET", "a", "1");
            cast.look("a master that was never anything else");
            ServerProcess one = cast.start("one");
            follow(one, master);
            cast.look("one replica");
            master.call("SET", "a", "2");
            awaitServed(one, master);
            cast.look("one replica, after a write");
            ServerProcess two = cast.start("two", "--replicaof", HOST + " " + master.port());
            awaitServed(two, master);
            master.call("CONFIG", "SET", "min-replicas-to-write", "1");
            cast.look("two replicas");
            one.call("REPLICAOF", "NO", "ONE");
            master.awaitInfo("connected_slaves", "1");
            cast.look("one was promoted");
            two.call("REPLICAOF", HOST, Integer.toString(one.port()));
            awaitServed(two, one);
            cast.look("and has the other one");
            one.call("SET", "a", "3");
            awaitServed(two, one);
            follow(master, one);
            cast.look("and the former master");
        });
    }

    @Test
    void aChain() {
        Cast.compare(folder, cast -> {
            ServerProcess first = cast.start("first");
            ServerProcess middle = cast.start("middle");
            follow(middle, first);
            ServerProcess last = cast.start("last");
            follow(last, middle);
            first.call("SET", "a", "1");
            awaitServed(middle, first);
            awaitServed(last, middle);
            cast.look("a chain");
            first.kill();
            middle.awaitInfo("master_link_status", "down");
            Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> middle.log()
                    .contains("refused"));
            cast.look("without its first");
            middle.call("REPLICAOF", "NO", "ONE");
            awaitServed(last, middle);
            cast.look("with the middle promoted");
        });
    }

    @Test
    void aLinkThatNeverWas() {
        Cast.compare(folder, cast -> {
            ServerProcess started = cast.start("started", "--replicaof", HOST + " 1");
            ServerProcess told = cast.start("told", "--replica-read-only", "no", "--replica-announced", "no");
            told.call("REPLICAOF", HOST, "1");
            for (ServerProcess each : List.of(started, told)) {
                Awaitility.await().atMost(ServerProcess.PATIENCE).until(() -> each.log()
                        .contains("refused"));
            }
            cast.look("nobody listens");
            told.call("SET", "a", "1");
            told.call("REPLICAOF", "NO", "ONE");
            cast.look("one is master again");
        });
    }

    @Test
    void aDumpIsWaitedFor() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master", "--repl-diskless-sync-delay", "3600");
            ServerProcess replica = cast.start("replica", "--replicaof", HOST + " " + master.port());
            master.awaitInfo("connected_slaves", "1");
            cast.look("the master waits for more replicas");
            replica.call("REPLICAOF", "NO", "ONE");
            master.awaitInfo("connected_slaves", "0");
            cast.look("nobody waits");
        });
    }

    /** The delay ends early when as many replicas wait as are expected. */
    @Test
    void asManyAsAreExpectedDoNotWaitForMore() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start(
                    "master", "--repl-diskless-sync-delay", "3600", "--repl-diskless-sync-max-replicas", "2");
            ServerProcess one = cast.start("one", "--replicaof", HOST + " " + master.port());
            master.awaitInfo("connected_slaves", "1");
            ServerProcess two = cast.start("two", "--replicaof", HOST + " " + master.port());
            awaitServed(one, master);
            awaitServed(two, master);
            assertThat(master.info("sync_full")).isEqualTo("2");
            // A replica by disk waits for nobody.
            master.call("CONFIG", "SET", "repl-diskless-sync", "no");
            ServerProcess three = cast.start("three", "--replicaof", HOST + " " + master.port());
            awaitServed(three, master);
            assertThat(three.log()).containsPattern("receiving \\d+ bytes from master to disk");
        });
    }
}
