package dev.redisreplication.node.command;

import dev.redisreplication.node.config.OutputLimit;
import dev.redisreplication.node.log.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Closes clients that let more output wait than {@code client-output-buffer-limit} allows. On the event loop only. */
final class OutputGuard {
    private final Access access;
    private final ClientMemory memory;

    OutputGuard(Access access, ClientMemory memory) {
        this.access = access;
        this.memory = memory;
    }

    /** {@link Client#pushed}, sends the message, and closes the client if too many wait for it. */
    void sendPush(Client client) {
        client.pushed();
        send(client);
    }

    /** Sends what was written outside of a command, and closes the client if too much waits for it. */
    void send(Client client) {
        client.sendLater();
        closeIfFlooded(client);
        memory.look(client);
    }

    /** Closes it if more output waits than may ever wait for it; says whether it did. */
    boolean closeIfFlooded(Client client) {
        long most = access.outputLimit(client).hard();
        boolean flooded = most != 0 && client.connection().pendingOutput() > most;
        if (flooded) {
            overflowed(client);
            client.close(OutputLimit.REASON);
        }
        return flooded;
    }

    /** How much output may ever wait for a client, in bytes; 0 for no end. Of a replica, replication decides. */
    long most(Client client) {
        return client.isNormal() ? access.outputLimit(client).hard() : 0;
    }

    /** Its connection is about to be closed, as more replies wait than may. */
    void overflowed(Client client) {
        Log.warning("Client " + client.describe() + " scheduled to be closed ASAP "
                + (most(client) == 0
                        ? "as there is no memory for its replies."
                        : "for overcoming of output buffer limits."));
    }

    /**
     * Closes ordinary clients that let more output wait than they may, or for longer. A client that floods itself is met
     * by its session at once; this finds those that just do not read.
     *
     * @param now monotonic milliseconds
     */
    void closeSlow(Collection<Client> clients, long now) {
        List<Client> slow = new ArrayList<>();
        for (Client c : clients) {
            if (c.isNormal() && c.isTooSlow(access.outputLimit(c), now)) {
                slow.add(c);
            }
        }
        for (Client c : slow) {
            overflowed(c);
            c.close(OutputLimit.REASON);
        }
    }
}
