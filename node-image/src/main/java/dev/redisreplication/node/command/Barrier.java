package dev.redisreplication.node.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds replies to writes back until what they say is safe: the lease holds, and, as far as that was asked for, the log is
 * on disk up to the offset that they depend on. Who only reads does not wait. On the event loop.
 *
 * <p>Looked at once a round, after the effects have reached replicas and log. While every condition is content at once, as
 * without {@code appendfsync always}, nothing is remembered of a client beyond its round.
 */
public final class Barrier {
    /** One thing that has to be true before a write is acknowledged. */
    public interface Condition {
        /** As far as this is concerned, writes up to this offset may be acknowledged; {@link Long#MAX_VALUE} for all. */
        long safe();

        /**
         * Why writes that wait will not be acknowledged any more, or null. Their connections are closed: what became of
         * the writes is not known.
         */
        String broken();
    }

    private final Standing standing;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Client> writers = new ArrayList<>();
    private final List<Client> holding = new ArrayList<>();

    Barrier(Standing standing) {
        this.standing = standing;
        conditions.add(new Condition() {
            @Override
            public long safe() {
                return Long.MAX_VALUE;
            }

            @Override
            public String broken() {
                return standing.gate().mayAcknowledge() ? null : "this node may no longer acknowledge writes";
            }
        });
    }

    /** Adds a condition, at the start. */
    public void add(Condition condition) {
        conditions.add(condition);
    }

    /** The client wrote in this round. */
    void wrote(Client client) {
        if (!client.wroteThisRound) {
            client.wroteThisRound = true;
            writers.add(client);
        }
    }

    /** The end of a round. */
    void endOfRound() {
        if (writers.isEmpty() && holding.isEmpty()) {
            return;
        }
        long safe = Long.MAX_VALUE;
        for (int i = 0; i < conditions.size(); i++) {
            String broken = conditions.get(i).broken();
            if (broken != null) {
                giveUp(broken);
                return;
            }
            safe = Math.min(safe, conditions.get(i).safe());
        }
        holdWriters(safe);
        release(safe);
    }

    /** Before anything is released: what a client has written in this round does not leave with what it wrote before. */
    private void holdWriters(long safe) {
        long needed = standing.effects().offset();
        for (int i = 0; i < writers.size(); i++) {
            Client writer = writers.get(i);
            writer.wroteThisRound = false;
            if (safe < needed
                    && writer.connection() != null
                    && writer.connection().isOpen()) {
                hold(writer, needed);
            }
        }
        writers.clear();
    }

    private void release(long safe) {
        for (int i = holding.size() - 1; i >= 0; i--) {
            Client client = holding.get(i);
            if (client.hold.release(client.connection(), safe)) {
                client.hold = null;
                holding.remove(i);
            }
        }
    }

    private void hold(Client client, long needed) {
        if (client.hold == null) {
            client.hold = new Hold();
            holding.add(client);
        }
        client.hold.add(client.connection(), needed);
    }

    /** Nobody who waits is acknowledged any more, such as when the offsets that they wait for mean nothing from here on. */
    public void giveUp(String reason) {
        List<Client> all = new ArrayList<>(holding);
        all.addAll(writers);
        holding.clear();
        writers.clear();
        for (Client client : all) {
            client.wroteThisRound = false;
            client.hold = null;
            client.close(reason);
        }
    }

    /** The client's connection has ended. */
    void forget(Client client) {
        if (client.hold != null) {
            client.hold = null;
            holding.remove(client);
        }
    }

    /** How many clients wait. */
    public int waiting() {
        return holding.size();
    }
}
