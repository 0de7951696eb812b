package dev.redisreplication.operator.observe;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A connection to one node: questions are answered in their order. Everything happens on the mailbox' thread, the completion of answers
 * included.
 */
public interface Line extends AutoCloseable {

    /** Hears of the end of a connection. */
    interface Listener {
        /**
         * Called once.
         *
         * @param connected whether there ever was a connection that the node let in
         */
        void closed(Line line, IOException cause, boolean connected);
    }

    /** Makes connections. */
    interface Opener {
        /**
         * Begins to connect and to authenticate. Commands may be sent at once, they follow when there is a connection; when it does
         * not come about they fail and the listener hears of it.
         *
         * @param host a numeric address
         * @param passwords all of them are tried, and one is enough; none where none is needed
         * @throws IOException when it cannot even be tried
         */
        Line open(String host, int port, List<String> passwords, Listener listener) throws IOException;
    }

    /**
     * What a node says of itself.
     *
     * @param unloadable why it could not load its data and waits to be told what to do, "" if it does not
     */
    record Answer(NodeFacts facts, String unloadable) {}

    /** Asks the node for what it is. Fails, and ends the connection, when the answer is of no use. */
    CompletableFuture<Answer> ask();

    /**
     * Sends a command.
     *
     * @return its answer: String, Long, {@link NodeLink.Refusal}, List or null; fails when the connection ends first
     */
    CompletableFuture<Object> send(String... command);

    /** Whether the node took this password on this connection. */
    boolean takes(String password);

    /** Finds out whether the node takes a password by now; whatever it says, the connection stays as it is. */
    void tryPassword(String password);

    /** Ends the connection; what still waits for an answer fails. */
    @Override
    void close();
}
