package dev.redisreplication.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The compose files of the walk-throughs, run for real with the image; each step in full is a test of the node. */
@NeedsCompose
@DisplayName("With docker-compose")
class ComposeTest {
    private static final String RESUMED = "Successful partial resynchronization with master.";

    @Test
    void masterAndReplica() throws IOException {
        String auth = "AUTH secret";
        try (Compose compose = Compose.of("master-and-replica", "redis-master", "redis-replica")) {
            compose.run("up -d");
            compose.await("redis-master", "+OK\r\n+OK", auth, "SET greeting hello");
            compose.await("redis-replica", "hello", auth, "GET greeting");
            compose.run("stop redis-replica");
            compose.ask("redis-master", auth, "SET greeting again");
            compose.run("start redis-replica");
            compose.await("redis-replica", "again", auth, "GET greeting");
            compose.awaitLog("redis-replica", "a partial sync", log -> log.contains(RESUMED));
            assertThat(compose.ask("redis-master", auth, "INFO stats"))
                    .contains("sync_full:1\r\n", "sync_partial_ok:1\r\n");
        }
    }

    @Test
    void aMasterWhoseNameMoves() throws IOException {
        try (Compose compose = Compose.of("two-replicas", "redis-master", "redis-replica-1", "redis-replica-2")) {
            compose.run("up -d");
            compose.await("redis-master", "+OK", "SET greeting hello");
            compose.await("redis-replica-1", "hello", "GET greeting");
            compose.await("redis-replica-2", "+OK", "REPLICAOF redis-master 6379");
            compose.await("redis-replica-2", "hello", "GET greeting");
            compose.run("stop redis-master");
            compose.awaitLog(
                    "redis-replica-1",
                    "an unknown name",
                    log -> log.contains("redis-master") && log.contains("Unable to connect to MASTER"));
            // The same data at another address.
            compose.run(Map.of("MASTER_ADDRESS", "10.88.0.20"), "up -d --no-deps redis-master");
            compose.await("redis-master", "connected_slaves:2", "INFO replication");
            compose.await("redis-master", "+OK", "SET greeting again");
            compose.await("redis-replica-1", "again", "GET greeting");
            compose.await("redis-replica-2", "again", "GET greeting");
            compose.awaitLog("redis-replica-1", "a partial sync", log -> log.contains(RESUMED));
        }
    }

    @Test
    void persistenceByVariables() throws IOException {
        String master = "AUTH secret";
        String replica = "AUTH \"other secret\"";
        try (Compose compose = Compose.of("persistence-by-environment", "redis-master", "redis-replica")) {
            compose.run("up -d");
            compose.await("redis-master", "+OK\r\n+OK", master, "SET greeting hello");
            compose.await("redis-replica", "hello", replica, "GET greeting");
            assertThat(compose.ask("redis-master", "GET greeting")).contains("-NOAUTH");
            assertThat(compose.ask("redis-master", master, "FLUSHALL")).contains("-ERR unknown command");
            assertThat(compose.ask("redis-master", master, "CONFIG GET save")).contains("900 1 60 10000");
            assertThat(compose.ask("redis-replica", replica, "CONFIG GET maxmemory"))
                    .contains("104857600");
            assertThat(compose.run("exec -T redis-replica ls /data/appendonlydir"))
                    .contains("appendonly.aof.manifest");
            compose.run("restart");
            compose.await("redis-master", "hello", master, "GET greeting");
            compose.await("redis-replica", "hello", replica, "GET greeting");
            assertThat(compose.ask("redis-replica", replica, "SET a b")).contains("-READONLY");
        }
    }

    @Test
    void filesOfMasterAndReplica() throws IOException {
        String manifest = "cat appendonlydir/appendonly.aof.manifest";
        try (Compose compose = Compose.of("persistence", "redis-master", "redis-replica")) {
            compose.run("up -d");
            compose.awaitCli("redis-master", "set greeting hello", "OK");
            compose.awaitCli("redis-replica", "get greeting", "hello");
            assertThat(compose.run("exec -T redis-replica " + manifest)).contains("2.base.rdb", "2.incr.aof");
            compose.run("stop redis-replica");
            compose.cli("redis-master", "-r 100 rpush missed entry");
            compose.run("start redis-replica");
            compose.awaitCli("redis-replica", "llen missed", "100");
            assertThat(compose.cli("redis-master", "info stats")).contains("sync_full:1", "sync_partial_ok:1");
            compose.cli("redis-master", "bgrewriteaof");
            compose.awaitCli("redis-master", "info persistence", "aof_rewrites:1");
            assertThat(compose.run("exec -T redis-master " + manifest)).contains("2.base.rdb", "2.incr.aof");
            compose.run("kill redis-master");
            compose.run("start redis-master");
            compose.awaitCli("redis-master", "llen missed", "100");
            compose.awaitCli("redis-replica", "info replication", "master_link_status:up");
        }
    }

    @Test
    void threeSentinels() throws IOException {
        String master = "-p 26379 sentinel get-master-addr-by-name mymaster";
        try (Compose compose = Compose.of("sentinel", "redis-master")) {
            compose.run("up -d");
            compose.awaitCli("sentinel-1", "-p 26379 sentinel ckquorum mymaster", "OK 3 usable Sentinels");
            compose.awaitCli("sentinel-1", "-p 26379 info sentinel", "status=ok");
            compose.awaitCli("sentinel-1", "-p 26379 info sentinel", "slaves=2,sentinels=3");
            compose.awaitCli("redis-replica-1", "role", "connected");
            String before = compose.cli("sentinel-1", master);
            compose.run("kill redis-master");
            for (String sentinel : new String[] {"sentinel-1", "sentinel-2", "sentinel-3"}) {
                compose.awaitLog(sentinel, "a new master", log -> log.contains("+switch-master mymaster"));
            }
            assertThat(compose.cli("sentinel-1", master)).isNotEqualTo(before);
            compose.awaitCli("redis-replica-1", "set written 'after the failover'", "OK");
            compose.run("up -d redis-master");
            compose.awaitCli("redis-master", "role", "slave");
            compose.awaitCli("redis-master", "get written", "after the failover");
            assertThat(compose.run("logs --no-color")).contains("+convert-to-slave");
            compose.run("stop sentinel-2 sentinel-3");
            compose.awaitCli("sentinel-1", "-p 26379 sentinel ckquorum mymaster", "NOQUORUM 1 usable Sentinels");
        }
    }

    @Test
    void theImageAlone() {
        Images.build();
        String image = "docker run --rm " + Cluster.NODE_IMAGE;
        assertThat(Shell.run(1, Map.of(), image + " redis-server --version")).contains("redis=7.");
        assertThat(Shell.run(1, Map.of(), image + " id -u").strip()).isEqualTo("1001");
        assertThat(Shell.run(
                        1,
                        Map.of(),
                        "! docker run --rm -e REDIS_REPLICATION_MODE=master " + Cluster.NODE_IMAGE + " 2>&1"))
                .contains("REDIS_PASSWORD", "ALLOW_EMPTY_PASSWORD");
        assertThat(Shell.run(
                        1,
                        Map.of(),
                        "! docker run --rm --read-only -e ALLOW_EMPTY_PASSWORD=yes -e REDIS_PASWORD=x "
                                + Cluster.NODE_IMAGE + " --maxmemory nonsense 2>&1"))
                .contains("maxmemory");
    }
}
