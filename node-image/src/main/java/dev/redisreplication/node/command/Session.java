package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.Request;

/** What executes the requests of a client with a connection; {@link ClientSession} does. On the event loop. */
interface Session {
    /** Where the replies of a client go that wants none. */
    NativeBuffer silence();

    /** Takes the limits of the parser over, after a directive or the client's standing has changed. */
    void limits();

    /** Executes a request that was put aside, as if it had just come, and what has come behind it. */
    void again(Request request);

    /** Executes a request that was put aside, as what it waits for may be there. It has to pass the checks once more. */
    void resume(CommandRow row, Request request);

    /** Executes a request for the last time that was put aside, whatever the node may do now: it says how its wait ends. */
    void end(CommandRow row, Request request);

    /** Goes on after a request that had to wait: its reply leaves, and what has come behind it is executed. */
    void goOn();

    /** The same at once. */
    void goOnNow();
}
