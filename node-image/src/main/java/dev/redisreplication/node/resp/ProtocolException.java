package dev.redisreplication.node.resp;

/** What came is not RESP. The message is what the client is told before its connection is closed. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code message} in Redis' words, without "ERR Protocol error: ". */
    public ProtocolException(String message) {
        super(message, null, false, false);
    }
}
