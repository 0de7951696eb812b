package dev.redisreplication.node.command;

/** Parks clients and wakes them. */
final class Blocking {
    private final Node node;

    Blocking(Node node) {
        this.node = node;
    }

    @SuppressWarnings("ReferenceEquality") // this very wait, not one like it
    void park(Client client, long timeoutMillis, Blocked what) {
        client.blocked = what;
        node.blockedClients++;
        if (timeoutMillis > 0) {
            client.blockTimer = node.loop().after(timeoutMillis, () -> {
                if (client.blocked == what) {
                    what.timedOut(client);
                    unpark(client);
                }
            });
        }
    }

    /** Ends the wait; the reply has been written, if it ends by one. */
    void unpark(Client client) {
        Blocked what = client.blocked;
        if (what == null) {
            return;
        }
        forget(client);
        what.ended(client);
        if (what.answers()) {
            client.answered();
        }
        client.sendLater();
        if (client.isAnswered()) {
            // Not here: who wakes it may be in the middle of a command of its own.
            node.loop().execute(() -> goOn(client));
        }
    }

    private static void goOn(Client client) {
        if (client.blocked == null && client.connection().isOpen()) {
            client.connection().processInput();
        }
    }

    /** Ends the wait without a reply: the connection is gone. */
    void cancel(Client client) {
        Blocked what = client.blocked;
        if (what != null) {
            forget(client);
            what.ended(client);
        }
    }

    private void forget(Client client) {
        client.blocked = null;
        node.blockedClients--;
        if (client.blockTimer != null) {
            client.blockTimer.cancel();
            client.blockTimer = null;
        }
    }
}
