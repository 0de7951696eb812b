package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log tells of replication and persistence what Redis tells, in its words, with its letters and levels. */
class LogDifferentialTest {
    private static final String HOST = "127.0.0.1";
    private static final String FINISHED = "MASTER <-> REPLICA sync: Finished with success";
    private static final String CONTINUED = "MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.";

    @TempDir
    Path folder;

    /** What one of the two programs, real server or node, has logged in each chapter of a story. */
    private final class Story implements AutoCloseable {
        private final String program;
        private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
        private final Map<String, LogEvents> logs = new LinkedHashMap<>();
        private final Map<String, List<String>> chapters = new LinkedHashMap<>();
        private String chapter;

        Story(String program) {
            this.program = program;
        }

        ServerProcess start(String name, String... arguments) {
            Path directory = folder.resolve(program + "-" + name);
            ServerProcess server = ServerProcess.of(program, directory, arguments);
            servers.put(name, server);
            logs.put(name, new LogEvents(server));
            return server;
        }

        void chapter(String name) {
            end();
            chapter = name;
            logs.values().forEach(LogEvents::begin);
        }

        void await(String name, String part) {
            logs.get(name).await(part);
        }

        private void end() {
            if (chapter != null) {
                logs.forEach((name, log) -> chapters.put(chapter + ": " + name, log.events()));
            }
        }

        Map<String, List<String>> tell(Plot plot) throws Exception {
            plot.play(this);
            end();
            return chapters;
        }

        @Override
        public void close() {
            servers.values().forEach(ServerProcess::close);
        }
    }

    @FunctionalInterface
    private interface Plot {
        void play(Story story) throws Exception;
    }

    private void compare(Plot plot) throws Exception {
        try (Story real = new Story("redis");
                Story ours = new Story("node")) {
            Map<String, List<String>> expected = real.tell(plot);
            Map<String, List<String>> found = ours.tell(plot);
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            expected.forEach((chapter, events) -> {
                if (chapter.startsWith("again and again")) { // how often, and where it begins anew, is a matter of time
                    assertThat(new TreeSet<>(found.get(chapter))).as(chapter).isEqualTo(new TreeSet<>(events));
                } else {
                    assertThat(found.get(chapter)).as(chapter).isEqualTo(events);
                }
            });
        }
    }

    private static String port(ServerProcess server) {
        return Integer.toString(server.port());
    }

    @Test
    void aReplicaComesGoesAndIsPromoted() throws Exception {
        compare(story -> {
            ServerProcess master = story.start("master", "--repl-diskless-sync-delay", "1");
            story.chapter("a replica starts");
            ServerProcess replica =
                    story.start("replica", "--replicaof", HOST + " " + port(master), "--save", "3600 1");
            story.await("replica", FINISHED);
            story.await("master", "Synchronization with replica");
            replica.awaitCaughtUp(master);

            story.chapter("it ends");
            replica.stop();
            story.await("master", "Connection with replica");
            story.chapter("it starts again");
            replica.start();
            story.await("replica", CONTINUED);

            story.chapter("it is promoted");
            replica.call("REPLICAOF", "NO", "ONE");
            story.await("replica", "MASTER MODE enabled");
            story.await("master", "Connection with replica");
            replica.call("REPLICAOF", "NO", "ONE"); // nothing to say

            story.chapter("it comes back with a history of its own");
            replica.call("SET", "own", "1");
            replica.call("SLAVEOF", HOST, port(master));
            story.await("replica", FINISHED);
            story.await("master", "Synchronization with replica");
            replica.awaitCaughtUp(master);
            story.chapter("the same once more");
            replica.call("REPLICAOF", HOST, port(master));
            story.await("replica", "No operation performed");

            story.chapter("its link is cut");
            master.call("CLIENT", "KILL", "TYPE", "replica");
            story.await("replica", CONTINUED);
            replica.awaitCaughtUp(master);

            story.chapter("again and again: the master is killed, and returns without data");
            master.kill();
            story.await("replica", "Connection refused");
            story.await("replica", "Connecting to MASTER");
            master.start();
            story.await("replica", FINISHED);
            story.await("master", "Synchronization with replica");
            replica.awaitCaughtUp(master);

            story.chapter("again and again: the master ends");
            master.stop();
            story.await("replica", "Connection refused");
            story.await("replica", "Connecting to MASTER");
        });
    }

    @Test
    void aChainIsPromotedInTheMiddle() throws Exception {
        compare(story -> {
            ServerProcess first = story.start("first");
            ServerProcess middle = story.start("middle", "--replicaof", HOST + " " + port(first));
            middle.awaitCaughtUp(first);
            story.await("first", "Synchronization with replica");
            story.chapter("the last one comes");
            ServerProcess last = story.start("last");
            last.call("REPLICAOF", HOST, port(middle));
            story.await("last", FINISHED);
            story.await("middle", "Synchronization with replica");
            last.awaitCaughtUp(middle);

            story.chapter("the middle is promoted");
            middle.call("REPLICAOF", "NO", "ONE");
            story.await("last", CONTINUED);
            story.await("middle", "accepted.");
            last.awaitCaughtUp(middle);
            middle.call("SET", "own", "1");
            last.awaitCaughtUp(middle);

            story.chapter("the last one asks the first for what it has not");
            last.call("REPLICAOF", HOST, port(first));
            story.await("last", FINISHED);
            story.await("first", "Synchronization with replica");
            story.await("middle", "Connection with replica");
        });
    }

    @Test
    void mastersThatCannotBeHad() throws Exception {
        compare(story -> {
            ServerProcess node = story.start("node");
            story.chapter("again and again: nobody listens");
            node.call("REPLICAOF", HOST, "1");
            story.await("node", "enabled");
            story.await("node", "Connection refused");
            node.call("REPLICAOF", "NO", "ONE");
            story.await("node", "MASTER MODE enabled");

            story.chapter("again and again: nobody has that name");
            node.call("REPLICAOF", "no-such-host.invalid", "1");
            story.await("node", "enabled");
            story.await("node", "Unable to connect to MASTER");
            node.call("REPLICAOF", "NO", "ONE");
            story.await("node", "MASTER MODE enabled");

            ServerProcess locked = story.start("locked", "--requirepass", "secret");
            story.chapter("again and again: a wrong password");
            node.call("CONFIG", "SET", "masterauth", "wrong");
            node.call("REPLICAOF", HOST, port(locked));
            story.await("node", "Unable to AUTH to MASTER");
            story.await("node", "enabled");
            node.call("REPLICAOF", "NO", "ONE");
            story.await("node", "MASTER MODE enabled");
            node.call("CONFIG", "SET", "masterauth", "");
            story.chapter("again and again: no password");
            node.call("REPLICAOF", HOST, port(locked));
            story.await("node", "MASTER aborted replication with an error");
            story.await("node", "Reconnecting to MASTER");
            node.call("REPLICAOF", "NO", "ONE");
            story.await("node", "MASTER MODE enabled");
            story.chapter("the right password");
            node.call("CONFIG", "SET", "masterauth", "secret");
            node.call("REPLICAOF", HOST, port(locked));
            story.await("node", FINISHED);
            story.await("locked", "Synchronization with replica");
            node.awaitCaughtUp(locked);

            story.chapter("again and again: one that starts without its master");
            ServerProcess orphan = story.start("orphan", "--replicaof", HOST + " 1");
            story.await("orphan", "Ready to accept connections"); // it answers before it says that it does
            story.await("orphan", "Connection refused");
            story.chapter("again and again: between masters");
            story.await("orphan", "Connecting to MASTER");
            story.await("orphan", "Connection refused");
            node.call("REPLICAOF", "NO", "ONE");
            story.await("locked", "Connection with replica");
            node.call("CONFIG", "SET", "masterauth", "");
            story.chapter("again and again: a master without its own master");
            node.call("REPLICAOF", HOST, port(orphan));
            story.await("node", "Master is currently unable to PSYNC");
            story.await("orphan", "Connecting to MASTER"); // which it goes on with
            story.await("orphan", "sync started");
            story.await("orphan", "Connection refused");
        });
    }

    @Test
    void savesAndAppendOnlyFiles() throws Exception {
        compare(story -> {
            ServerProcess server = story.start("server");
            server.call("SET", "a", "1");
            story.chapter("a save in the background");
            server.call("BGSAVE");
            story.await("server", "Background saving terminated");
            story.chapter("a save in the foreground");
            server.call("SAVE");
            story.chapter("an append-only file");
            server.call("CONFIG", "SET", "appendonly", "yes");
            story.await("server", "rewrite finished");
            story.chapter("a rewrite");
            server.call("SET", "a", "2");
            server.call("BGREWRITEAOF");
            story.await("server", "rewrite finished");
            story.chapter("it ends");
            server.stop();
            story.chapter("it starts from its dump");
            server.start();
            story.await("server", "Ready to accept");
            story.chapter("it ends with a save");
            server.call("CONFIG", "SET", "save", "3600 1");
            server.stop();

            story.chapter("one begins with an append-only file");
            ServerProcess logging = story.start("logging", "--appendonly", "yes");
            story.await("logging", "Ready to accept");
            story.chapter("its file is rewritten");
            logging.call("SET", "a", "1");
            logging.call("BGREWRITEAOF");
            story.await("logging", "rewrite finished");
            logging.call("SET", "a", "2");
            story.chapter("logging ends");
            logging.stop();
            story.chapter("logging starts again");
            logging.start();
            story.await("logging", "Ready to accept");
            assertThat(logging.call("GET", "a")).isEqualTo("2");
        });
    }
}
