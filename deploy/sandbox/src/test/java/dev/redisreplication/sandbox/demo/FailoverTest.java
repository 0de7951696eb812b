package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.sandbox.Repository;
import dev.redisreplication.sandbox.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group that nobody runs and a client whose writes nobody accepts: that is no failover that went well. */
class FailoverTest {
    @TempDir
    private Path directory;

    private Sandbox sandbox;
    private Group group;
    private Writer writer;
    private Failover failover;

    @BeforeEach
    void start() throws IOException {
        sandbox = new Sandbox(List.of(), 0, Duration.ofSeconds(1));
        sandbox.apply(Repository.crd());
        Path sample = Files.writeString(directory.resolve("orders.yaml"), """
                apiVersion: redis-replication.dev/v1alpha1
                kind: RedisReplicationGroup
                metadata: {name: orders, namespace: default}
                spec: {replicas: 3}
                """);
        group = Group.apply(sandbox, sample);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        writer = new Writer("127.0.0.1", port, "", "k");
        failover = new Failover(group, writer, Duration.ofMillis(200));
    }

    @AfterEach
    void stop() {
        writer.close();
        sandbox.close();
    }

    @Test
    void withoutAcknowledgedWritesThereIsNothingToKillAMasterFor() {
        assertThatThrownBy(failover::awaitWrites)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0 writes were acknowledged")
                .hasMessageContaining("the client's last error");
    }

    @Test
    void aKillNeedsAMaster() {
        assertThatThrownBy(() -> failover.run("KILL"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("there is no master");
    }
}
