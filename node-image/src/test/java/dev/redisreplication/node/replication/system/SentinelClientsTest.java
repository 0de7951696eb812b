package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.masterreplica.MasterReplica;
import io.lettuce.core.masterreplica.StatefulRedisMasterReplicaConnection;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.exceptions.JedisException;

/** Clients that ask Sentinels for the master find it by way of ours, and follow a failover by their messages. */
class SentinelClientsTest {
    @TempDir
    private Path folder;

    @Test
    void jedisAndLettuceFindTheMasterAndFollowIt() throws Exception {
        try (SentinelGroup group = new SentinelGroup(folder, i -> "node", i -> "node-sentinel", 4000)) {
            Set<HostAndPort> addresses = group.sentinels.stream()
                    .map(sentinel -> new HostAndPort("127.0.0.1", sentinel.port()))
                    .collect(Collectors.toSet());
            RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(SentinelGroup.NAME);
            group.sentinels.forEach(sentinel -> uri.withSentinel("127.0.0.1", sentinel.port()));
            RedisClient lettuce = RedisClient.create();
            try (RedisSentinelClient jedis = RedisSentinelClient.builder()
                            .masterName(SentinelGroup.NAME)
                            .sentinels(addresses)
                            .build();
                    StatefulRedisMasterReplicaConnection<String, String> connection =
                            MasterReplica.connect(lettuce, StringCodec.UTF8, uri.build())) {
                connection.setReadFrom(ReadFrom.REPLICA_PREFERRED);
                RedisCommands<String, String> commands = connection.sync();
                ServerProcess old = group.awaitSettled();
                assertThat(jedis.set("jedis", "before")).isEqualTo("OK");
                assertThat(commands.set("lettuce", "before")).isEqualTo("OK");

                old.kill();
                Awaitility.await("Jedis writes again")
                        .atMost(ServerProcess.PATIENCE)
                        .ignoreExceptionsInstanceOf(JedisException.class)
                        .until(() -> jedis.set("jedis", "after").equals("OK"));
                Awaitility.await("Lettuce writes again")
                        .atMost(ServerProcess.PATIENCE)
                        // Lettuce cancels what waited for the old master.
                        .ignoreExceptionsMatching(
                                e -> e instanceof RedisException || e instanceof CancellationException)
                        .until(() -> commands.set("lettuce", "after").equals("OK"));
                ServerProcess master = group.named(group.sentinels.getFirst());
                assertThat(master).isNotSameAs(old);
                assertThat(master.call("MGET", "jedis", "lettuce")).hasToString("[after, after]");
                assertThat(jedis.getCurrentMaster().getPort()).isEqualTo(master.port());
            } finally {
                lettuce.shutdown();
            }
        }
    }
}
