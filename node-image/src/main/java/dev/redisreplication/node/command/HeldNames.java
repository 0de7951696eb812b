package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Request;

/**
 * How much of the heap the names take that clients hold: watched keys, subscriptions, their own names. Data live outside of the heap, so
 * this is what a client could fill it with, and a full heap is the end of the node. On the event loop only.
 */
public final class HeldNames {
    /** About what the objects around a name take: its entries in the tables of the client and of the node. */
    private static final int AROUND = 400;

    private static final CommandError FULL = new CommandError(
            "ERR clients hold too many watched keys and subscriptions, there is no memory for another");

    /** The most bytes of a name that is copied to the heap, which is small. */
    static final int LONGEST = 1 << 20;

    private final long most;
    private long held;

    /** @param most bytes of the heap for all clients' names */
    HeldNames(long most) {
        this.most = most;
    }

    /**
     * Before a command takes any of its names.
     *
     * @param request all its arguments are names
     * @throws CommandError if there is no room for all of them
     */
    public void requireRoom(Request request) {
        long bytes = 0;
        for (int i = 1; i < request.argc(); i++) {
            bytes += AROUND + request.length(i);
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
     * CLIENT SETNAME.
     *
     * @throws CommandError if all clients' names together would take too much of the heap
     */
    public void name(Client client, String next) {
        exchange(client, client.name, next);
        client.name = next;
    }

    /** CLIENT SETINFO: sets the name or the version of its library, with the same bound; null leaves one as it is. */
    public void library(Client client, String name, String version) {
        if (name != null) {
            exchange(client, client.libName, name);
            client.libName = name;
        }
        if (version != null) {
            exchange(client, client.libVersion, version);
            client.libVersion = version;
        }
    }

    private void exchange(Client client, String before, String after) {
        int more = after.length() - before.length();
        if (more > 0 && held + more > most) {
            throw FULL;
        }
        held += more;
        client.heldNames += more;
    }
}
