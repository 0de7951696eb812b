package dev.redisreplication.node.server;

import dev.redisreplication.node.command.Node;

/** What a Sentinel does by the clock beside watching: closing idle and slow clients, sampling rates. */
final class SentinelCron {
    private static final int EVERY_MILLIS = 100;
    private static final int TICKS_A_SECOND = 10;

    private final Node node;
    private final IdleClients idle;
    private long ticks;

    SentinelCron(Node node) {
        this.node = node;
        this.idle = new IdleClients(node);
    }

    void start() {
        node.loop().every(EVERY_MILLIS, this::tick);
    }

    private void tick() {
        node.stats().sample(node.loop().now());
        node.closeSlowClients(node.loop().now());
        if (++ticks % TICKS_A_SECOND == 0) {
            idle.close();
        }
    }
}
