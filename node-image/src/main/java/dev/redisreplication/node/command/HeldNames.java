package dev.redisreplication.node.command;

/**
 * How much of the heap the names take that clients hold: watched keys, subscriptions, their own names. Data live outside of the heap, so
 * this is what a client could fill it with, and a full heap is the end of the node. On the event loop only.
 */
public final class HeldNames {
    /** About what the objects around a name take: its entries in the tables of the client and of the node. */
    private static final int AROUND = 400;

    private static final CommandError FULL = new CommandError(
            "ERR clients hold too many watched keys and subscriptions, there is no memory for another");

    private final long most;
    private long held;

    /** @param most bytes of the heap for all clients' names */
    HeldNames(long most) {
        this.most = most;
    }

    /**
     * Before a command takes any of its names.
     *
     * @param call all its arguments are names
     * @throws CommandError if there is no room for all of them
     */
    public void requireRoom(Call call) {
        long bytes = 0;
        for (int i = 1; i < call.argc(); i++) {
            bytes += AROUND + call.length(i);
        }
        if (held + bytes > most) {
            throw FULL;
        }
    }

    /** Before {@code names} are taken whose bytes are not on the heap. @throws CommandError if there is no room for them */
    void requireRoom(int names) {
        if (held + (long) AROUND * names > most) {
            throw FULL;
        }
    }

    /** Another name of that many bytes is held by the client. */
    void take(Client client, int length) {
        held += AROUND + length;
        client.heldNames += AROUND + length;
    }

    /** A name is not held any more. */
    void give(Client client, int length) {
        held -= AROUND + length;
        client.heldNames -= AROUND + length;
    }

    /**
     * The name of a client itself, or of its library, is held in the place of another one.
     *
     * @throws CommandError if there is no room for it
     */
    void exchange(Client client, String before, String after) {
        int more = after.length() - before.length();
        if (more > 0 && held + more > most) {
            throw FULL;
        }
        held += more;
        client.heldNames += more;
    }
}
