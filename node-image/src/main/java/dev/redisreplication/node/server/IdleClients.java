package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.TIMEOUT;

import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import java.util.ArrayList;
import java.util.List;

/** Closes clients that have been silent for longer than the directive timeout. On the event loop. */
final class IdleClients {
    private final Node node;

    IdleClients(Node node) {
        this.node = node;
    }

    void close() {
        long limit = node.settings().get(TIMEOUT) * 1000;
        if (limit == 0) {
            return;
        }
        long now = node.loop().now();
        List<Client> idle = new ArrayList<>();
        for (Client c : node.clients().all()) {
            if (c.isNormal() && !c.isMonitor() && !c.isBlocked() && !c.isSubscribed() && now - c.lastActive() > limit) {
                idle.add(c);
            }
        }
        idle.forEach(c -> c.close("idle"));
    }
}
