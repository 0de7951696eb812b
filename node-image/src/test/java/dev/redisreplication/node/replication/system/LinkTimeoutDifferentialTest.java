package dev.redisreplication.node.replication.system;

import static dev.redisreplication.node.replication.system.Cast.HOST;
import static dev.redisreplication.node.replication.system.Cast.awaitLog;
import static dev.redisreplication.node.replication.system.Cast.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** repl-timeout on both sides of a link: who falls silent where, what ends the link, what keeps it, what the logs tell. */
class LinkTimeoutDifferentialTest {
    private static final String REPLID = "0123456789abcdef0123456789abcdef01234567";
    private static final String FULL = "+FULLRESYNC " + REPLID + " 100\r\n";
    private static final String MARK = "f".repeat(40);
    private static final String DUMP = "REDIS0009\u00ff\0\0\0\0\0\0\0\0"; // a checksum of zero says: none

    @TempDir
    Path folder;

    // ---- the replica's side

    private static Socket accept(ServerSocket master) throws IOException {
        Socket link = master.accept();
        link.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
        return link;
    }

    private static void awaitEnd(Socket link) throws IOException {
        link.getInputStream().transferTo(OutputStream.nullOutputStream());
        link.close();
    }

    @Test
    void aMasterThatFallsSilent() {
        Cast.compare(folder, cast -> {
            try (ServerSocket master = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                master.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
                cast.called(master.getLocalPort(), "master");
                ServerProcess replica = cast.start("replica", "--repl-timeout", "1");
                LogEvents log = new LogEvents(replica);
                log.begin();
                replica.call("REPLICAOF", HOST, Integer.toString(master.getLocalPort()));
                awaitEnd(accept(master)); // not even a PONG
                String[] before = {
                    "", // nothing after PSYNC
                    FULL,
                    FULL + "$" + DUMP.length() + "\r\n" + DUMP.substring(0, 10),
                    FULL + "$EOF:" + MARK + "\r\n" + DUMP
                };
                for (String words : before) {
                    Socket link = accept(master);
                    MasterByHand.psync(link);
                    MasterByHand.send(link, words);
                    awaitEnd(link);
                }
                Socket link = accept(master);
                MasterByHand.psync(link);
                MasterByHand.send(link, FULL + "$EOF:" + MARK + "\r\n" + DUMP + MARK);
                awaitEnd(link); // the stream is silent
                link = accept(master);
                MasterByHand.psync(link);
                MasterByHand.send(link, "+CONTINUE\r\n");
                replica.awaitInfo("master_link_status", "up");
                log.events().forEach(event -> cast.note("log", event));
                cast.look("it goes on");
                link.close();
            }
        });
    }

    /** While a master makes its dump, and while it has nothing to say, line feeds and PINGs tell that it lives. */
    @Test
    void aMasterThatGivesSignsOfLife() {
        Cast.compare(folder, cast -> {
            try (ServerSocket master = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                master.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
                cast.called(master.getLocalPort(), "master");
                ServerProcess replica =
                        cast.start("replica", "--repl-timeout", "2", "--replicaof", HOST + " " + master.getLocalPort());
                Socket link = accept(master);
                MasterByHand.psync(link);
                for (String words : new String[] {"", FULL}) {
                    MasterByHand.send(link, words);
                    repeat(link, "\n", () -> seconds(replica, 5));
                }
                cast.note("waits", replica.call("ROLE"), replica.info("master_sync_in_progress"));
                MasterByHand.send(link, "$EOF:" + MARK + "\r\n" + DUMP + MARK);
                repeat(link, "*1\r\n$4\r\nPING\r\n", () -> seconds(replica, 5));
                cast.note(
                        "pinged",
                        replica.info("master_link_status"),
                        replica.log().contains("imeout"));
                link.close();
            }
        });
    }

    private static void repeat(Socket link, String words, Runnable meanwhile) throws InterruptedException {
        AtomicBoolean enough = new AtomicBoolean();
        Thread speaker = Thread.ofVirtual()
                .start(() -> Awaitility.await().forever().until(() -> {
                    MasterByHand.send(link, words);
                    return enough.get();
                }));
        meanwhile.run();
        enough.set(true);
        speaker.join();
    }

    // ---- the master's side

    private static void awaitCut(ReplicaByHand replica) {
        Awaitility.await("the master cuts the link")
                .atMost(ServerProcess.PATIENCE)
                .until(replica::isClosedByMaster);
    }

    /** Cut off is who has its dump, by either way, and says nothing for too long; an empty line is enough. */
    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void aReplicaThatFallsSilent(String diskless) {
        Cast.compare(folder, cast -> {
            ServerProcess master =
                    cast.start("master", "--repl-timeout", "2", "--repl-diskless-sync", diskless, "--save", "");
            cast.called(7999, "by hand");
            for (String state : new String[] {"never", "once", "loading"}) {
                LogEvents log = new LogEvents(master);
                log.begin();
                try (ReplicaByHand replica = ReplicaByHand.at(master, 7999)) {
                    if (state.equals("once")) {
                        replica.join(master);
                    } else {
                        replica.sync();
                    }
                    if (state.equals("loading")) {
                        AtomicBoolean enough = new AtomicBoolean();
                        Thread speaker = Thread.ofVirtual()
                                .start(() -> Awaitility.await().forever().until(() -> {
                                    replica.send("\n");
                                    return enough.get();
                                }));
                        seconds(master, 6);
                        enough.set(true);
                        speaker.join();
                        cast.note(state, master.info("connected_slaves"), replica.isClosedByMaster());
                    }
                    awaitCut(replica);
                }
                master.awaitInfo("connected_slaves", "0");
                log.events().forEach(event -> cast.note(state, event));
            }
        });
    }

    /** Who waits for a dump hears an empty line each second. */
    @Test
    void aReplicaThatWaits() {
        Cast.compare(folder, cast -> {
            ServerProcess master = cast.start("master", "--repl-diskless-sync-delay", "3600");
            try (ReplicaByHand replica = ReplicaByHand.at(master, 7999)) {
                replica.send("PSYNC ? -1\r\n");
                for (int i = 0; i < 3; i++) {
                    assertThat(replica.line()).isEmpty();
                }
                cast.called(7999, "by hand");
                cast.look("waits");
            }
        });
    }

    /** The end of a chain whose first is gone hears nothing any more, and asks its own master in vain until that has one again. */
    @Test
    void aChainWithoutItsFirst() {
        Cast.compare(folder, cast -> {
            ServerProcess first = cast.start("first", "--repl-ping-replica-period", "1");
            ServerProcess middle = cast.start("middle", "--replicaof", HOST + " " + first.port());
            middle.awaitCaughtUp(first);
            ServerProcess last = cast.start("last", "--repl-timeout", "2", "--replicaof", HOST + " " + middle.port());
            last.awaitInfo("master_link_status", "up");
            seconds(last, 4);
            cast.note("pinged by the first", last.log().contains("timeout"));
            first.kill();
            awaitLog(last, "MASTER timeout: no data nor PING received...");
            awaitLog(last, "Master is currently unable to PSYNC but should be in the future: -NOMASTERLINK");
            first.start();
            last.awaitInfo("master_link_status", "up");
            last.awaitCaughtUp(first);
        });
    }
}
