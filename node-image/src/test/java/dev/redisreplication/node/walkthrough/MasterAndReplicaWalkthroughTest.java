package dev.redisreplication.node.walkthrough;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/walkthroughs/master-and-replica.md}, step by step. */
class MasterAndReplicaWalkthroughTest {
    @TempDir
    Path folder;

    @Test
    void stepByStep() throws Exception {
        Walkthrough.play("master-and-replica", folder, cast -> {
            cast.chapter("A full sync");
            Actor master = cast.start("redis-master");
            master.says("OK", "SET", "greeting", "hello");
            Actor replica = cast.start("redis-replica");
            replica.logs("Finished with success");
            replica.awaitServedBy(master);
            replica.says("hello", "GET", "greeting");
            replica.says("(error) READONLY You can't write against a read only replica.", "SET", "greeting", "bye");
            cast.look("replication", "keyspace");
            replica.files();

            cast.chapter("The replica stops and starts: a partial sync");
            replica.server().stop();
            master.logs("Connection with replica");
            master.has("connected_slaves", "0");
            replica.files();
            cast.look("replication", "stats");
            master.says("OK", "SET", "greeting", "hello again");
            replica.server().start();
            replica.logs("Master accepted a Partial Resynchronization");
            replica.awaitServedBy(master);
            replica.says("hello again", "GET", "greeting");
            cast.look("replication", "stats");

            cast.chapter(Walkthrough.AGAIN + "the master crashes");
            master.says("OK", "SAVE");
            master.crashes("DEBUG", "SEGFAULT");
            replica.logs("Connection with master lost");
            replica.logs("Connection refused");
            replica.logs("Connecting to MASTER"); // and goes on
            replica.has("master_link_status", "down");
            replica.says("hello again", "GET", "greeting");
            cast.look("replication");

            cast.chapter(Walkthrough.AGAIN + "the replica becomes master");
            replica.logs("Connecting to MASTER");
            replica.logs("sync started");
            replica.logs("Connection refused");
            replica.says("OK", "REPLICAOF", "NO", "ONE");
            replica.says("OK", "SET", "greeting", "from the new master");
            cast.look("replication");

            cast.chapter("The old master returns as a replica, and resumes");
            master.setting("replicaof redis-replica 6379");
            master.server().start();
            master.logs("Master accepted a Partial Resynchronization");
            master.awaitServedBy(replica);
            master.says("from the new master", "GET", "greeting");
            cast.look("replication", "stats");

            cast.chapter("They change places");
            master.says("OK", "REPLICAOF", "NO", "ONE");
            replica.says("OK", "REPLICAOF", Cast.HOST, master.port());
            replica.logs("Master accepted a Partial Resynchronization");
            replica.awaitServedBy(master);
            master.says("OK", "SET", "greeting", "as before");
            replica.awaitServedBy(master);
            replica.says("as before", "GET", "greeting");
            cast.look("replication", "stats");

            // Who notices first that the old link is gone is a matter of time.
            cast.chapter(Walkthrough.AGAIN + "a failover there and back");
            for (List<Actor> pair : List.of(List.of(master, replica), List.of(replica, master))) {
                Actor gives = pair.getFirst();
                Actor takes = pair.getLast();
                gives.says("OK", "FAILOVER", "TO", Cast.HOST, takes.port(), "TIMEOUT", "60000");
                gives.has("role", "slave");
                takes.has("role", "master");
                gives.has("master_failover_state", "no-failover");
                gives.awaitServedBy(takes);
            }
            master.says("OK", "SET", "greeting", "after a failover");
            replica.awaitServedBy(master);
            replica.says("after a failover", "GET", "greeting");
            cast.look("replication", "stats");

            cast.chapter(Walkthrough.AGAIN + "a server that starts as a master and is told later gets everything anew");
            replica.says("OK", "REPLICAOF", "NO", "ONE");
            master.server().stop();
            Actor again = cast.start("redis-master");
            again.says("OK", "REPLICAOF", Cast.HOST, replica.port());
            again.logs("Finished with success");
            again.awaitServedBy(replica);
            cast.look("replication", "stats");
        });
    }
}
