package dev.redisreplication.node.net;

import dev.redisreplication.node.resp.NativeBuffer;

/**
 * One socket, incoming or outgoing. Everything here is for the event loop's thread only.
 *
 * <p>Output is put into {@link #output()} and leaves when {@link #flushLater()} was called: not at once, but at the end
 * of the current round of the loop, after the hooks of {@link Loop#beforeFlush}.
 */
public abstract class Connection {
    private ConnectionHandler handler;

    /** A connection whose bytes go to {@code handler}. */
    protected Connection(ConnectionHandler handler) {
        this.handler = handler;
    }

    /** Who gets the bytes. */
    public final ConnectionHandler handler() {
        return handler;
    }

    /**
     * Hands the connection over to another protocol, such as a client that becomes a replica. When bytes are waiting in
     * the input already, call {@link #processInput} afterwards.
     */
    public final void handler(ConnectionHandler next) {
        this.handler = next;
    }

    /** Bytes that came and were not consumed yet. */
    public abstract NativeBuffer input();

    /** Where to put bytes to be sent; fetch it anew each time, it is exchanged by a flush. */
    public abstract NativeBuffer output();

    /** Sends the output at the end of this round of the loop. Costs nothing when called again. */
    public abstract void flushLater();

    /** Sends the output now, as far as the kernel takes it. Replies to clients must not use it (see the loop's order). */
    public abstract void flushNow();

    /** Bytes that were put out and that the kernel has not taken yet. */
    public abstract long pendingOutput();

    /** Position in the output, counted in bytes since the connection was made, behind what was put out so far. */
    public abstract long written();

    /**
     * Sends nothing from this position in the output on until it is called again; {@link Long#MAX_VALUE} for no bound, which
     * is so at first. Flushing is up to the caller.
     */
    public abstract void sendUpTo(long position);

    /** Asks for one {@link ConnectionHandler#drained} as soon as no output is pending. */
    public abstract void notifyDrained();

    /** Calls the handler's input in a later step of this loop, for bytes that lie in {@link #input()}. */
    public abstract void processInput();

    /** Calls the handler's input now, if bytes lie in {@link #input()}. Not from within the handler. */
    public abstract void processInputNow();

    /**
     * Lets the other connections go first: the handler's input is called again in the loop's next turn, after their
     * sockets were read, and nothing is read here until then.
     */
    public abstract void yieldTurn();

    /** Stops or resumes reading from the socket. */
    public abstract void reading(boolean on);

    /** Sends what is pending, then closes. Nothing more is read. */
    public abstract void closeAfterFlush();

    /** Closes at once; output that was not flushed is lost. */
    public abstract void close(String reason);

    /** Whether requests can come by now: false while TLS has not agreed on its keys. */
    public abstract boolean isAgreed();

    /** Whether it is open. */
    public abstract boolean isOpen();

    /** The other side, {@code ip:port}, or the path of a unix socket followed by {@code :0}. */
    public abstract String remoteAddress();

    /** This side, in the same form. */
    public abstract String localAddress();

    /** Whether it is a unix socket. */
    public abstract boolean isUnix();

    /** Whether the other side is this machine: a unix socket or a loopback address. */
    public abstract boolean isLoopback();

    /** File descriptor, or -1 where the transport does not tell. */
    public abstract int fileDescriptor();

    /** Memory held by its buffers, in bytes. */
    public abstract long bufferBytes();

    /** Memory held by its input, of {@link #bufferBytes}, in bytes. */
    public abstract long inputBytes();

    /** How many buffers of output there are beyond an ordinary one, as more waits than it could hold. */
    public abstract int largeOutputs();

    /** Bytes received and not yet consumed. */
    public abstract int unreadInput();

    /** Monotonic milliseconds when bytes last came. */
    public abstract long lastInput();
}
