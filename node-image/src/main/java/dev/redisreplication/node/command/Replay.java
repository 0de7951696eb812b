package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Request;

/** Executes what another node or the append-only file has logged; {@link Dispatcher} does. On the event loop. */
@FunctionalInterface
public interface Replay {
    /**
     * Executes one request. Nothing is refused by role or memory, nothing is answered, and nothing is handed to
     * {@link Effects}.
     *
     * @return the error it was answered with, which the copy it comes from cannot have had, or null
     * @throws CommandError if there is no such command, or none with so many arguments
     */
    String applyOne(Client client, Request request);
}
