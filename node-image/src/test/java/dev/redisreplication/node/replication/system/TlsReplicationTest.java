package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.Certificates;
import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TestTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Replication over TLS, with certificates at both ends: our node and real redis-servers in both directions. */
class TlsReplicationTest {
    @TempDir
    Path folder;

    private Certificates certificates;

    private record Secured(ServerProcess server, int tlsPort) implements AutoCloseable {
        @Override
        public void close() {
            server.close();
        }
    }

    private Secured start(String program, String name, String... more) throws IOException {
        if (certificates == null) {
            certificates = Certificates.in(folder.resolve("tls"));
        }
        int port = FreePort.next();
        String[] flags = Stream.concat(
                        Arrays.stream(certificates.flags(
                                port,
                                "--tls-replication",
                                "yes",
                                "--tls-client-cert-file",
                                certificates.path("client.crt"),
                                "--tls-client-key-file",
                                certificates.path("client.key"))),
                        Arrays.stream(more))
                .toArray(String[]::new);
        return new Secured(ServerProcess.of(program, folder.resolve(name), flags), port);
    }

    private static void same(ServerProcess one, ServerProcess other, Workload workload) {
        try (Jedis first = one.connect();
                Jedis second = other.connect()) {
            assertThat(Workload.contents(second)).as("seed %d", workload.seed()).isEqualTo(Workload.contents(first));
        }
    }

    @ParameterizedTest
    @CsvSource({"redis, node", "node, redis", "node, node"})
    void aReplicaHasWhatItsMasterHas(String masterProgram, String replicaProgram) throws IOException {
        Workload workload = new Workload(System.nanoTime());
        try (Secured master = start(masterProgram, "master");
                Jedis jedis = master.server.connect()) {
            Workload.large(jedis);
            workload.run(jedis, 3000);
            try (Secured replica = start(replicaProgram, "replica", "--replicaof", "127.0.0.1 " + master.tlsPort)) {
                workload.run(jedis, 2000);
                replica.server.awaitCaughtUp(master.server);
                same(master.server, replica.server, workload);
                assertThat(master.server.info("slave0")).contains("port=" + replica.tlsPort + ",");

                long full = Long.parseLong(master.server.info("sync_full"));
                master.server.call("CLIENT", "KILL", "TYPE", "replica");
                workload.run(jedis, 500);
                replica.server.awaitCaughtUp(master.server);
                same(master.server, replica.server, workload);
                assertThat(Long.parseLong(master.server.info("sync_full"))).isEqualTo(full);
            }
        }
    }

    @Test
    void aChainWithOurNodeInTheMiddle() throws IOException {
        Workload workload = new Workload(System.nanoTime());
        try (Secured master = start("redis", "master");
                Secured node = start("node", "node", "--replicaof", "127.0.0.1 " + master.tlsPort);
                Secured leaf = start("redis", "leaf", "--replicaof", "127.0.0.1 " + node.tlsPort);
                Jedis jedis = master.server.connect()) {
            workload.run(jedis, 3000);
            node.server.awaitCaughtUp(master.server);
            leaf.server.awaitCaughtUp(master.server);
            same(master.server, leaf.server, workload);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "io_uring"})
    void aFailoverOnEachTransport(String transport) throws IOException {
        TestTransport.needs(transport);
        String[] flags = {"--io-transport", transport};
        try (Secured master = start("node", "master", flags);
                Secured replica = start(
                        "node", "replica", "--io-transport", transport, "--replicaof", "127.0.0.1 " + master.tlsPort)) {
            master.server.call("SET", "k", "v");
            replica.server.awaitCaughtUp(master.server);
            assertThat(master.server.call("FAILOVER", "TO", "127.0.0.1", "" + replica.tlsPort))
                    .isEqualTo("OK");
            replica.server.awaitInfo("role", "master");
            master.server.awaitCaughtUp(replica.server);
            assertThat(replica.server.info("sync_full")).isEqualTo("0");
            assertThat(replica.server.info("slave0")).contains("port=" + master.tlsPort + ",");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "node"})
    void aMasterThatCannotBeTrustedIsNotFollowed(String program) throws IOException {
        try (Secured master = start("redis", "master")) {
            master.server.call("SET", "k", "v");
            try (Secured replica = start(
                    program,
                    "replica",
                    "--tls-ca-cert-file",
                    certificates.path("other-ca.crt"),
                    "--replicaof",
                    "127.0.0.1 " + master.tlsPort)) {
                Awaitility.await().until(() -> replica.server
                        .log()
                        .contains("Error condition on socket for SYNC: error:0A000086:SSL routines::certificate"
                                + " verify failed"));
                assertThat(replica.server.info("master_link_status")).isEqualTo("down");
                assertThat(replica.server.call("DBSIZE")).isEqualTo(0L);
                replica.server.call("CONFIG", "SET", "tls-ca-cert-file", certificates.path("ca.crt"));
                replica.server.awaitCaughtUp(master.server); // the next try succeeds
            }
        }
    }
}
