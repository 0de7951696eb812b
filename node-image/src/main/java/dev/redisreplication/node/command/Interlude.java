package dev.redisreplication.node.command;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What clients may have while a script holds the loop. At first they wait for its end; once it runs for too long they are
 * answered with an error. A node that is watched over, by an operator that gives it its lease, answers from the start what that one
 * asks: a node that is busy is alive. Who called the script waits for it in any case. On the event loop.
 */
public final class Interlude {
    private final Set<Client> held = new LinkedHashSet<>();
    private Client caller; // null while nobody is served
    private CommandError error;
    private boolean watched;

    /**
     * Sockets will be read until {@link #over}.
     *
     * @param by who called the script
     * @param answer what others are answered, or null if they wait
     * @param watchedOver whether what has {@link Flag#WATCHES} is answered
     */
    public void begin(Client by, CommandError answer, boolean watchedOver) {
        caller = by;
        error = answer;
        watched = watchedOver;
        if (answer != null) {
            answerOthers();
        }
    }

    /** Sockets have been read; the script goes on. */
    public void over() {
        caller = null;
        error = null;
        watched = false;
    }

    /** The script has ended: who had to wait for it goes on. */
    public void end() {
        if (!held.isEmpty()) {
            List<Client> all = new ArrayList<>(held);
            held.clear();
            all.forEach(client -> client.session.goOn());
        }
    }

    private void answerOthers() {
        for (Client client : new ArrayList<>(held)) {
            if (client != caller) {
                held.remove(client);
                client.session.goOnNow();
            }
        }
    }

    /** Whether the request of that client has to wait; it is executed when the script has ended, or refused before. */
    boolean holds(Client client, CommandRow row) {
        if (caller == null) {
            return false;
        }
        boolean waits = client == caller || (error == null && !(watched && row != null && row.has(Flag.WATCHES)));
        if (waits) {
            held.add(client);
        }
        return waits;
    }

    /** What a request with these flags is refused with, or null. */
    CommandError refusal(int flags) {
        boolean allowed = (flags & Flag.ALLOW_BUSY.bit) != 0 || (watched && (flags & Flag.WATCHES.bit) != 0);
        return allowed ? null : error;
    }

    /** What others are answered while a script runs for too long; null if none does. */
    public CommandError busy() {
        return error;
    }

    /** Whether nobody is served in the middle of a script. */
    public boolean isNone() {
        return caller == null;
    }

    /** The connection is gone. */
    void forget(Client client) {
        held.remove(client);
    }
}
