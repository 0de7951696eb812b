package dev.redisreplication.node.walkthrough;

import java.nio.file.Path;
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
        });
    }
}
