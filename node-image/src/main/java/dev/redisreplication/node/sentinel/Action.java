package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import java.util.List;

/** What the state machine wants done. Carried out at once, in the order given. */
public sealed interface Action {
    /**
     * Connects to an instance. What becomes of it is told to the state machine later, never from within.
     *
     * @param listens the connection is for hello messages
     */
    record Connect(Master master, Instance to, boolean listens) implements Action {}

    /** Sends a command on the connection for commands, or on the one that listens. */
    record Send(Link link, boolean listens, List<String> words, Question question) implements Action {}

    /** Closes a connection that is there or is being made; nothing more is told of it. */
    record Close(Link link, boolean listens) implements Action {}

    /** A line of the log, and unless it is for the curious only a message to who has subscribed to {@code type}. */
    record Publish(Log.Level level, String type, String text) implements Action {}

    /** A line of the log. */
    record Say(Log.Level level, String text) implements Action {}

    /** Keeps what must survive a restart, before anything that follows leaves this process. */
    record Save() implements Action {}

    /** Runs a script, sooner or later. */
    record Run(String script, List<String> arguments) implements Action {}

    /** Ends the process, as SENTINEL SIMULATE-FAILURE wants it. */
    record Crash() implements Action {}
}
