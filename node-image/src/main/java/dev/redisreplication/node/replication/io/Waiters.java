package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Blocked;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import java.util.ArrayList;
import java.util.List;

/** Clients in WAIT. */
public final class Waiters {
    private final Replicas replicas;
    private final List<Waiter> all = new ArrayList<>();

    Waiters(Replicas replicas) {
        this.replicas = replicas;
    }

    /** One client and what it waits for. */
    private final class Waiter implements Blocked {
        private final Client client;
        private final long wanted;
        private final long offset;

        private Waiter(Client client, long wanted, long offset) {
            this.client = client;
            this.wanted = wanted;
            this.offset = offset;
        }

        @Override
        public void timedOut(Client who) {
            who.reply().integer(replicas.countAcked(offset));
        }

        @Override
        public void ended(Client who) {
            all.remove(this);
        }
    }

    /** What to park a client with until {@code wanted} replicas have everything up to {@code offset}. */
    public Blocked add(Client client, long wanted, long offset) {
        Waiter waiter = new Waiter(client, wanted, offset);
        all.add(waiter);
        return waiter;
    }

    /** Wakes those whose replicas have caught up. */
    void check(Node node) {
        if (all.isEmpty()) {
            return;
        }
        for (Waiter waiter : new ArrayList<>(all)) {
            int count = replicas.countAcked(waiter.offset);
            if (count >= waiter.wanted) {
                waiter.client.reply().integer(count);
                waiter.client.unblock(node);
            }
        }
    }
}
