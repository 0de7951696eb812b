package dev.redisreplication.node.server;

import dev.redisreplication.node.replication.io.Replication;

/** Parts of a node in this process, for tests that drive them by themselves. */
public final class Parts {
    private Parts() {}

    /** Its replication; use it on the loop. */
    public static Replication replication(Server server) {
        return server.replication();
    }

    /** Runs something on its event loop. */
    public static void execute(Server server, Runnable task) {
        server.loop().execute(task);
    }
}
