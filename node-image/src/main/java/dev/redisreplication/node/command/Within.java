package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Request;

/** Runs commands within the one that is being executed, for EXEC and scripts; {@link Runner} does. On the event loop. */
public interface Within {
    /**
     * Runs a command that passed all checks.
     *
     * @param client acts for who asked for the outermost command; its reply is the caller's to read
     */
    void run(Client client, CommandRow row, Request request);

    /** A command was refused before it ran. */
    void refused(CommandRow row, String error);
}
