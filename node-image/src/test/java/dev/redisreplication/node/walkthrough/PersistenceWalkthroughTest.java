package dev.redisreplication.node.walkthrough;

import dev.redisreplication.node.replication.system.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/walkthroughs/persistence.md}, step by step. */
class PersistenceWalkthroughTest {
    private static final String MANIFEST = "appendonlydir/appendonly.aof.manifest";

    @TempDir
    Path folder;

    @Test
    void stepByStep() throws Exception {
        Walkthrough.play("persistence", folder, cast -> {
            cast.chapter("An append-only directory");
            Actor master = cast.start("redis-master");
            manifest(cast, "redis-master", master);
            master.says("OK", "SET", "greeting", "hello");
            master.files();

            cast.chapter(Walkthrough.TAKES_OVER + "a replica with a directory of its own");
            Actor replica = cast.start("redis-replica");
            replica.logs("Finished with success");
            replica.awaitServedBy(master);
            rewritten(replica, 2);
            manifest(cast, "redis-replica", replica);
            cast.look("keyspace"); // the node counts its history from the first byte of its file, Redis from the first
            // replica

            cast.chapter(Walkthrough.TAKES_OVER + "the replica stops, and catches up");
            replica.server().stop();
            master.has("connected_slaves", "0");
            for (int i = 1; i <= 100; i++) {
                master.server().call("RPUSH", "missed", "entry " + i);
            }
            replica.server().start();
            replica.awaitServedBy(master);
            replica.says("100", "LLEN", "missed");
            replica.says("hello", "GET", "greeting");
            cast.note(
                    "the offset is the same",
                    master.server().offset() == replica.server().offset());

            cast.chapter("A rewrite");
            master.says("Background append only file rewriting started", "BGREWRITEAOF");
            master.logs("Background AOF rewrite finished successfully");
            rewritten(master, 2);
            master.files();
            manifest(cast, "redis-master", master);

            cast.chapter(Walkthrough.AGAIN + "the master is killed");
            master.server().kill();
            replica.logs("Connection with master lost");
            replica.logs("Connection refused");
            replica.logs(" Connecting to MASTER");
            replica.has("master_link_status", "down");
            cast.chapter(Walkthrough.TAKES_OVER + "the master is back");
            master.server().start();
            master.says("100", "LLEN", "missed");
            master.says("hello", "GET", "greeting");
            replica.awaitServedBy(master);
            replica.says("100", "LLEN", "missed");

            cast.chapter("Off and on again while it runs");
            master.says("OK", "CONFIG", "SET", "appendonly", "no");
            master.says("OK", "SET", "between", "not in the file yet");
            manifest(cast, "redis-master", master);
            master.says("OK", "CONFIG", "SET", "appendonly", "yes");
            master.logs("Background AOF rewrite finished successfully");
            rewritten(master, 3);
            master.files();
            manifest(cast, "redis-master", master);
            master.says("OK", "SET", "after", "in the file");
            replica.awaitServedBy(master);

            cast.chapter(Walkthrough.AGAIN + "a master without persistence stops");
            master.says("OK", "CONFIG", "SET", "appendonly", "no");
            master.server().stop();
            remove(master.server().directory().resolve("appendonlydir"));
            master.setting("appendonly no");
            replica.logs("Connection refused");
            replica.logs(" Connecting to MASTER");
            replica.has("master_link_status", "down");
            cast.chapter(Walkthrough.TAKES_OVER + "the empty master is back");
            replica.says("not in the file yet", "GET", "between");
            master.server().start();
            master.says("0", "DBSIZE");
            replica.awaitServedBy(master);
            replica.says("0", "DBSIZE");
        });
    }

    /** Waits until the base of this number is there, and nothing of those before. */
    private static void rewritten(Actor actor, int base) {
        Awaitility.await("base " + base)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> text(actor).contains(" seq " + base + " type b")
                        && !text(actor).contains(" type h"));
        actor.has("aof_rewrite_in_progress", "0");
    }

    private static String text(Actor actor) throws IOException {
        return Files.readString(actor.server().directory().resolve(MANIFEST));
    }

    private static void manifest(Cast cast, String name, Actor actor) throws IOException {
        cast.note("manifest of " + name, text(actor));
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
