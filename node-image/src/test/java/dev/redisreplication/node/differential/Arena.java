package dev.redisreplication.node.differential;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.server.Server;
import java.io.Closeable;
import java.io.IOException;

/** A {@code redis-server} and a node in this process, both empty, both on loopback ports of their own. */
record Arena(RealRedis redis, Server node) implements Closeable {

    /** Starts both. Skips the calling test where there is no {@code redis-server}. */
    static Arena open() throws IOException, ConfigException {
        RealRedis.assumeInstalled();
        RealRedis redis = RealRedis.start();
        try {
            return new Arena(
                    redis,
                    Server.start("--port", "0", "--bind", "127.0.0.1", "--save", "", "--enable-debug-command", "yes"));
        } catch (IOException | ConfigException | RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** Two connections, all data dropped. */
    Duel duel(int protocol) throws IOException {
        return new Duel(redis.port(), node.port(), protocol);
    }

    @Override
    public void close() throws IOException {
        node.close();
        redis.close();
    }
}
