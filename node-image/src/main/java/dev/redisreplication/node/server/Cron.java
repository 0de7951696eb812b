package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.HZ;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Stats;
import dev.redisreplication.node.net.Timer;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.store.Store;

/** What a node does by the clock, {@code hz} times a second: expiring keys, closing idle clients, sampling rates. */
final class Cron {
    private static final long EXPIRE_NANOS = 2_000_000; // at a time at most: no command waits longer for it
    private static final long EXPIRE_NANOS_A_SECOND = 20_000_000;
    private static final long SAMPLES_A_SECOND = 10;

    private final Node node;
    private final Replication replication;
    private final IdleClients idle;
    private long hz;
    private Timer timer;
    private long ticks;

    Cron(Node node, Replication replication) {
        this.node = node;
        this.replication = replication;
        this.idle = new IdleClients(node);
    }

    void start() {
        node.settings().onChange(HZ, s -> schedule());
        schedule();
    }

    private void schedule() {
        if (timer != null) {
            timer.cancel();
        }
        hz = node.settings().get(HZ);
        timer = node.loop().every(1000 / hz, this::tick);
    }

    private void tick() {
        ticks++;
        Stats stats = node.stats();
        boolean sampling = ticks % Math.max(1, hz / SAMPLES_A_SECOND) == 0;
        if (sampling) {
            stats.sample(node.loop().now());
        }
        if (node.store() == null || node.loading()) {
            return;
        }
        if (sampling) {
            stats.peak(MemoryFigures.of(node, replication).used());
            stats.exceededTime().look(node.memoryExceeded(), node.loop().now());
            node.closeSlowClients(node.loop().now());
            node.clientMemory().recount();
        }
        node.execution().tick();
        node.settleExpiry();
        if (node.activeExpiry()) {
            node.aside(() -> expire(stats));
        }
        if (ticks % hz == 0) {
            idle.close();
        }
    }

    private void expire(Stats stats) {
        Store store = node.store();
        long withExpiry = store.volatileSize();
        if (withExpiry == 0 && store.timedHashes() == 0) {
            stats.expiry().cycle(0, 0, false, 0);
            return;
        }
        long fields = store.expiredFields();
        long began = System.nanoTime();
        int deleted = store.expireCycle(Math.min(EXPIRE_NANOS, EXPIRE_NANOS_A_SECOND / hz));
        long took = System.nanoTime() - began;
        stats.expiry().cycle(withExpiry, deleted, store.expiryCut(), took);
        node.latency().add("expire-cycle", took);
        if (deleted > 0 || store.expiredFields() != fields) {
            node.loop().wantRound(); // the log has something for replicas and file
        }
    }
}
