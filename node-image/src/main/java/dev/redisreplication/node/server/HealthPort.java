package dev.redisreplication.node.server;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;

/** Takes the connections of probes. They are no clients, and take no more than their share of the file descriptors. */
final class HealthPort {
    private static final int MOST = 16; // of those that are kept in reserve, see FileLimit

    private final Node node;
    private int open;

    HealthPort(Node node) {
        this.node = node;
    }

    /** The handler of a new connection, or null when there are too many. */
    ConnectionHandler accept(Connection connection) {
        if (open == MOST) {
            return null;
        }
        open++;
        return new HealthSession(node, connection, () -> open--);
    }
}
