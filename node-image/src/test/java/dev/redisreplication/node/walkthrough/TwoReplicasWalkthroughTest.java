package dev.redisreplication.node.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/walkthroughs/two-replicas.md}, step by step. */
class TwoReplicasWalkthroughTest {
    private static final String READONLY = "(error) READONLY You can't write against a read only replica.";

    @TempDir
    Path folder;

    @Test
    void stepByStep() throws Exception {
        Walkthrough.play("two-replicas", folder, cast -> {
            cast.chapter("A replica by its settings");
            Actor master = cast.start("redis-master");
            master.says("OK", "SET", "greeting", "hello");
            Actor one = cast.start("redis-replica-1");
            one.logs("Finished with success");
            one.awaitServedBy(master);

            cast.chapter("A replica by a command: another history");
            Actor two = cast.start("redis-replica-2");
            two.says("OK", "SET", "own", "data");
            cast.look("replication", "keyspace");
            two.says("OK", "SLAVEOF", Cast.HOST, master.port());
            two.logs("Finished with success");
            two.awaitServedBy(master);
            two.says("(nil)", "GET", "own");
            two.says("hello", "GET", "greeting");
            two.says("OK Already connected to specified master", "REPLICAOF", Cast.HOST, master.port());
            two.call("ROLE");
            one.call("ROLE");
            master.call("ROLE");
            cast.look("replication", "stats", "keyspace");

            cast.chapter("Replicas are read only");
            one.says(READONLY, "SET", "greeting", "bye");
            two.says(READONLY, "DEL", "greeting");
            two.says("1", "EXISTS", "greeting");
            master.says("OK", "SET", "greeting", "hello all");
            one.awaitServedBy(master);
            two.awaitServedBy(master);
            one.says("hello all", "GET", "greeting");
            two.says("hello all", "GET", "greeting");
            master.says("2", "WAIT", "2", "0");
            cast.look("replication", "stats");

            cast.chapter("A manual switch of all three");
            one.says("OK", "REPLICAOF", "NO", "ONE");
            two.says("OK", "REPLICAOF", Cast.HOST, one.port());
            two.logs("Master accepted a Partial Resynchronization");
            two.awaitServedBy(one);
            master.says("OK", "REPLICAOF", Cast.HOST, one.port());
            master.logs("Master accepted a Partial Resynchronization");
            master.awaitServedBy(one);
            one.says("OK", "SET", "greeting", "from the new master");
            for (Actor replica : List.of(master, two)) {
                replica.awaitServedBy(one);
                replica.says("from the new master", "GET", "greeting");
                replica.says(READONLY, "SET", "greeting", "bye");
            }
            cast.look("replication", "stats");
        });
    }

    @Test
    void theMastersNameDisappearsAndComesBackWithAnotherAddress() throws Exception {
        Walkthrough.playNamed("two-replicas", folder, cast -> {
            // A name is looked up beside what is said meanwhile: the order of the log is not compared.
            cast.chapter(Walkthrough.AGAIN + "a replica follows a name");
            cast.name("redis-master", "127.0.0.1");
            Actor master = cast.start("redis-master");
            Actor one = cast.start("redis-replica-1");
            one.awaitServedBy(master);
            Actor two = cast.start("redis-replica-2");
            two.says("OK", "REPLICAOF", "redis-master", master.port());
            two.logs("Finished with success");
            two.awaitServedBy(master);
            assertThat(ownAddress(master)).isEqualTo("127.0.0.1");
            cast.look("replication");

            cast.chapter(Walkthrough.AGAIN + "it stops, and its name is not known any more");
            cast.name("redis-master", null);
            master.server().stop();
            for (Actor replica : List.of(one, two)) {
                replica.logs("Unable to connect to MASTER");
                replica.logs("Connecting to MASTER");
                replica.has("master_link_status", "down");
                replica.call("CONFIG", "GET", "replicaof");
            }
            cast.look("replication");

            cast.chapter(Walkthrough.AGAIN + "it comes back at another address");
            master.server().start();
            for (Actor replica : List.of(one, two)) { // which still look for it
                replica.logs("Unable to connect to MASTER");
            }
            cast.name("redis-master", "127.0.0.2");
            for (Actor replica : List.of(one, two)) {
                replica.logs("Master accepted a Partial Resynchronization");
                replica.awaitServedBy(master);
            }
            assertThat(ownAddress(master)).isEqualTo("127.0.0.2");
            cast.look("replication", "stats");
        });
    }

    /** Where the master was reached by its replicas. */
    private static String ownAddress(Actor master) {
        String clients = (String) master.server().call("CLIENT", "LIST", "TYPE", "replica");
        return clients.replaceAll("(?s).*? laddr=([0-9.]+):.*", "$1");
    }
}
