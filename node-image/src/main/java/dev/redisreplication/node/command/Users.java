package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Request;

/** All users of this node. Implemented by {@code acl}. On the event loop. */
public interface Users {
    /** The user that a connection has before it says another: {@code default}. */
    User standard();

    /** Whether the default user takes any password. */
    boolean standardHasNoPassword();

    /** Whether a connection may run commands before it says who it is: the default user is on and needs no password. */
    boolean isOpen();

    /** The user of that name, or null. */
    User find(String name);

    /** The user of that name if it is on and this is its password, or null. */
    User authenticate(String name, byte[] password);

    /** Notes that {@code client} may not run a command. */
    void denied(Client client, Context context, CommandRow row, Request request, Denial denial);

    /**
     * Notes that {@code client} gave a wrong password.
     *
     * @param command what it gave it to, as it wrote it
     * @param name the user that it wanted to be
     */
    void refused(Client client, Context context, String command, String name);

    /** Where a command was to run. */
    enum Context {
        TOPLEVEL,
        MULTI,
        LUA,
        MODULE;

        /** Of what a client sends. */
        public static Context of(Client client) {
            return client.inMulti() ? MULTI : TOPLEVEL;
        }
    }
}
