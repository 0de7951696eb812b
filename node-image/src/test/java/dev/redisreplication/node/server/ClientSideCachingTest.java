package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The cache of a real client library: it keeps what it has read until somebody changes that. */
class ClientSideCachingTest {
    @Test
    void lettuceForgetsWhatIsOutOfDate() throws Exception {
        try (Server server = Server.start("--port", "0", "--bind", "127.0.0.1", "--save", "")) {
            RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
            Map<String, String> cached = new ConcurrentHashMap<>();
            try (StatefulRedisConnection<String, String> reader = client.connect();
                    StatefulRedisConnection<String, String> writer = client.connect()) {
                CacheFrontend<String, String> cache =
                        ClientSideCaching.enable(CacheAccessor.forMap(cached), reader, TrackingArgs.Builder.enabled());
                writer.sync().set("key", "old");
                assertThat(cache.get("key")).isEqualTo("old");
                assertThat(cached).containsEntry("key", "old");
                writer.sync().set("key", "new");
                Awaitility.await().until(cached::isEmpty);
                assertThat(cache.get("key")).isEqualTo("new");
                writer.sync().pexpire("key", 1);
                Awaitility.await().until(() -> cache.get("key") == null);
            } finally {
                client.shutdown();
            }
        }
    }
}
