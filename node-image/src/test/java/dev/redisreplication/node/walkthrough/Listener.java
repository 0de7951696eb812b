package dev.redisreplication.node.walkthrough;

import dev.redisreplication.node.replication.system.ServerProcess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Hears all that a Sentinel publishes, until its process ends. */
final class Listener {
    private final ServerProcess sentinel;
    private final String id;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private volatile int from;

    Listener(ServerProcess sentinel) throws InterruptedException {
        this.sentinel = sentinel;
        this.id = (String) sentinel.call("SENTINEL", "MYID");
        CountDownLatch subscribed = new CountDownLatch(1);
        Jedis jedis = new Jedis("127.0.0.1", sentinel.port(), 0); // no time limit: nothing may happen for long
        Thread.ofPlatform().daemon().start(() -> listen(jedis, subscribed));
        subscribed.await();
    }

    private void listen(Jedis jedis, CountDownLatch subscribed) {
        try (jedis) {
            jedis.psubscribe(
                    new JedisPubSub() {
                        @Override
                        public void onPSubscribe(String pattern, int channels) {
                            subscribed.countDown();
                        }

                        @Override
                        public void onPMessage(String pattern, String channel, String message) {
                            events.add(channel + " " + message);
                        }
                    },
                    "*");
        } catch (JedisConnectionException e) {
            subscribed.countDown(); // its process has ended
        }
    }

    ServerProcess server() {
        return sentinel;
    }

    String id() {
        return id;
    }

    /** From now on. */
    void begin() {
        from = events.size();
    }

    /** What was published since, each as type and text. */
    List<String> events() {
        List<String> all = List.copyOf(events);
        return all.subList(from, all.size());
    }
}
