package dev.redisreplication.node.replication.system;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** A client that knows no Sentinel: it goes on writing to the old master, and counts what that takes after the switch. */
final class BothSides implements AutoCloseable {
    private static final int PAUSE_MILLIS = 5;

    private final ServerProcess old;
    private final String key;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean switched;
    private volatile long taken;

    BothSides(ServerProcess old, String key) {
        this.old = old;
        this.key = key;
        this.thread = Thread.ofVirtual().start(this::write);
    }

    /** Another one is the master by now. */
    void switched() {
        switched = true;
    }

    /** Stops it; how many writes the old master has taken since. */
    long stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return taken;
    }

    private void write() {
        while (!stopped) {
            try (Jedis jedis = old.connect()) {
                for (long i = 0; !stopped; i++) {
                    boolean late = switched; // before it is sent
                    if (isTaken(jedis, i) && late) {
                        taken++;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (JedisException e) {
                pause(); // nobody is there
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** An error as a reply, such as NOREPLICAS, is a no; a connection that has ended is thrown. */
    private boolean isTaken(Jedis jedis, long i) {
        try {
            return "OK".equals(jedis.set(key, Long.toString(i)));
        } catch (JedisDataException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
