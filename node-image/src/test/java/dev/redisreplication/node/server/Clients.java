package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Clients of the servers of these tests, with more patience than Jedis' two seconds. */
final class Clients {
    private static final int TIMEOUT_MS = 60_000;

    private Clients() {}

    static Jedis connect(Server server) {
        return new Jedis("127.0.0.1", server.port(), TIMEOUT_MS);
    }

    /** Whether this password opens the server to this user. */
    static boolean accepts(Server server, String user, String password) {
        try (Jedis jedis = connect(server)) {
            return jedis.auth(user, password).equals("OK");
        } catch (JedisDataException e) {
            assertThat(e).hasMessageStartingWith("WRONGPASS");
            return false;
        }
    }

    /** Whether who has said nothing may do what the default user may. */
    static boolean isOpen(Server server) {
        try (Jedis jedis = connect(server)) {
            return jedis.ping().equals("PONG");
        } catch (JedisDataException e) {
            return false;
        }
    }
}
