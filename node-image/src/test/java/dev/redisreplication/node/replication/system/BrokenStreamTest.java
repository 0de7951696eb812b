package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master that sends something that is no RESP in the middle of its stream. */
class BrokenStreamTest {
    private static final String REPLID = "0123456789abcdef0123456789abcdef01234567";
    private static final String EMPTY_DUMP = "REDIS0009\u00ff\0\0\0\0\0\0\0\0"; // a checksum of zero says: none
    private static final String INCR = "*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n";

    @TempDir
    private Path folder;

    @Test
    void whatCameBeforeIsAppliedOnce() throws IOException {
        try (ServerSocket master = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerProcess node = ServerProcess.node(
                        folder.resolve("node"), "--replicaof", "127.0.0.1 " + master.getLocalPort())) {
            master.setSoTimeout(60_000);
            try (Socket link = master.accept()) {
                assertThat(MasterByHand.psync(link)).isEqualTo("PSYNC ? -1");
                MasterByHand.send(
                        link, "+FULLRESYNC " + REPLID + " 100\r\n$" + EMPTY_DUMP.length() + "\r\n" + EMPTY_DUMP);
                node.awaitInfo("master_link_status", "up");
                MasterByHand.send(link, INCR + INCR + "*1\r\n!no length\r\n");
                assertThat(link.getInputStream().readAllBytes()).isNotNull(); // until it hangs up
            }
            try (Socket link = master.accept()) {
                int next = 100 + 2 * INCR.length() + 1;
                assertThat(MasterByHand.psync(link)).isEqualTo("PSYNC " + REPLID + " " + next);
                MasterByHand.send(link, "+CONTINUE\r\n" + INCR);
                node.awaitInfo("slave_repl_offset", Integer.toString(next - 1 + INCR.length()));
                assertThat(node.call("GET", "n")).isEqualTo("3");
            }
        }
    }
}
