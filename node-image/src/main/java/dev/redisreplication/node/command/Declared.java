package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Request;

/** Tells what a request is by its arguments, where its row does not say it: a script may declare what it does. On the event loop. */
public interface Declared {
    /**
     * The flags that the request is checked by.
     *
     * @param flags those of its row
     * @param request the command as it came, of a number of arguments that the row accepts
     */
    int flags(int flags, Request request);
}
