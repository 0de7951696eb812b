package dev.redisreplication.node.replication.system;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.nio.file.Path;
import redis.clients.jedis.Jedis;

/** A node in this process, for questions whose answer does not need a process of its own. */
final class InProcess {
    private InProcess() {}

    /** The values of the keys a and b with this append-only directory, or "refused". */
    static String outcome(Path directory) throws ConfigException {
        try (Server server = Server.start(
                        "--port",
                        "0",
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        directory.toString(),
                        "--appendonly",
                        "yes");
                Jedis jedis = new Jedis("127.0.0.1", server.port(), 60_000)) {
            return jedis.mget("a", "b").stream()
                    .map(value -> value == null ? "(nil)" : value)
                    .toList()
                    .toString();
        } catch (IOException e) {
            return "refused";
        }
    }
}
