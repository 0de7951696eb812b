package dev.redisreplication.sandbox.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * An ordinary client that writes one key after the other to the read-write Service and keeps a ledger. Every few writes
 * it asks by WAIT whether a replica has them. It knows nothing of failovers: when its connection breaks or its write is
 * refused, it makes a new one to the same address.
 */
public final class Writer implements AutoCloseable {
    private static final int WAIT_EVERY = 8;
    private static final int TIMEOUT_MILLIS = 250;
    private static final int CHECK_TIMEOUT_MILLIS = 10_000;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final HostAndPort address;
    private final DefaultJedisClientConfig config;
    private final DefaultJedisClientConfig patient;
    private final Ledger ledger = new Ledger();
    private final String prefix;
    private final Thread thread;
    private volatile boolean closed;
    private volatile String trouble = "";

    /** Begins to write, under keys that begin with the prefix. */
    public Writer(String host, int port, String password, String prefix) {
        address = new HostAndPort(host, port);
        config = config(password, TIMEOUT_MILLIS);
        patient = config(password, CHECK_TIMEOUT_MILLIS);
        this.prefix = prefix;
        thread = Thread.ofPlatform().name("writer").daemon().start(this::run);
    }

    static DefaultJedisClientConfig config(String password, int timeoutMillis) {
        DefaultJedisClientConfig.Builder builder =
                DefaultJedisClientConfig.builder().timeoutMillis(timeoutMillis);
        return password.isEmpty() ? builder.build() : builder.password(password).build();
    }

    public Ledger ledger() {
        return ledger;
    }

    /** What last went wrong, or empty while writes are accepted. */
    public String trouble() {
        return trouble;
    }

    private void run() {
        while (!closed) {
            long connectedAt = System.nanoTime();
            try (Jedis jedis = new Jedis(address, config)) {
                writeOver(jedis, connectedAt);
            } catch (JedisException e) {
                trouble = String.valueOf(e.getMessage());
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void writeOver(Jedis jedis, long connectedAt) {
        int from = -1;
        for (int i = 1; !closed; i++) {
            int write = ledger.begin();
            from = from < 0 ? write : from;
            jedis.set(prefix + write, Integer.toString(write));
            ledger.acknowledge(write, connectedAt);
            trouble = "";
            if (i % WAIT_EVERY == 0) {
                if (jedis.waitReplicas(1, TIMEOUT_MILLIS / 4) >= 1) {
                    ledger.replicate(from, write);
                    from = write + 1;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Those of the writes that the group does not have, or has with another value. */
    public BitSet missing(BitSet writes) {
        BitSet missing = new BitSet();
        try (Jedis jedis = new Jedis(address, patient)) {
            List<Integer> batch = new ArrayList<>();
            for (int write = writes.nextSetBit(0); write >= 0; write = writes.nextSetBit(write + 1)) {
                batch.add(write);
                if (batch.size() == 500) {
                    check(jedis, batch, missing);
                }
            }
            check(jedis, batch, missing);
        }
        return missing;
    }

    private void check(Jedis jedis, List<Integer> batch, BitSet missing) {
        if (batch.isEmpty()) {
            return;
        }
        List<String> values = jedis.mget(batch.stream().map(w -> prefix + w).toArray(String[]::new));
        for (int i = 0; i < batch.size(); i++) {
            if (!Integer.toString(batch.get(i)).equals(values.get(i))) {
                missing.set(batch.get(i));
            }
        }
        batch.clear();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
