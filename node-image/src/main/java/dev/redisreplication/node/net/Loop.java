package dev.redisreplication.node.net;

/**
 * The event loop: the one thread that reads, executes and writes. One round of it is: read every socket that has
 * something and execute what is complete; run the {@link #beforeFlush} hooks in the order of their phase; send the
 * outputs.
 */
public interface Loop {
    /** The steps between execution and replies, in their order. */
    enum Phase {
        /** The effect log goes to the replicas' sockets. */
        REPLICAS,
        /** The effect log goes to the append-only file. */
        LOG,
        /** Last look before clients get their replies, such as whether the lease still holds. */
        ACKNOWLEDGE
    }

    /** Runs {@code task} on the loop, soon. From any thread. */
    void execute(Runnable task);

    /** Runs {@code task} on the loop once, {@code millis} from now. From any thread; cancel on the loop. */
    Timer after(long millis, Runnable task);

    /** Runs {@code task} on the loop every {@code millis}. From any thread; cancel on the loop. */
    Timer every(long millis, Runnable task);

    /**
     * Runs {@code hook} at the end of every round that read something, that a command or a task wrote replies in, or
     * that {@link #wantRound} was called in. Register at start-up.
     */
    void beforeFlush(Phase phase, Runnable hook);

    /** Makes sure that this round ends with the hooks even if no client gets a reply. On the loop. */
    void wantRound();

    /** Whether the caller is the loop's thread. */
    boolean inLoop();

    /** Whether a task runs, and no socket is being read: {@link #serve} may be called. On the loop. */
    boolean inTask();

    /**
     * Reads and executes once what has come meanwhile, for a task that takes long, and sends the replies. On the loop, in a
     * task.
     *
     * @param except a connection that gets nothing now: what is written to it is not complete; or null
     * @param whole whether this may end a round with its hooks: not while an effect is incomplete. Else only those get their
     *     replies who had none waiting before
     */
    void serve(Connection except, boolean whole);

    /** Monotonic milliseconds, as of the start of the current event. */
    long now();

    /** Bytes handed to the kernel for all connections, since the start. */
    long bytesSent();

    /** How often a socket was read, with something to read. */
    long reads();

    /** How often something was handed to a socket. */
    long writes();

    /**
     * Connects to {@code host}, from {@code bind-source-addr} if set. A name is looked up anew each time, and not on the
     * loop's thread; if it has several addresses they are tried in turn. The handler gets {@link
     * ConnectionHandler#connected} or {@link ConnectionHandler#notConnected} in a later step of the loop, whatever goes
     * wrong; this method throws nothing. On the loop.
     *
     * @param timeoutMillis bound for making the connection once its addresses are known, of which each gets its share, and for
     *     TLS once it is made
     * @param secure whether by TLS, which must have been configured
     * @return gives the attempt up, on the loop: the handler hears nothing of it any more
     */
    Timer connect(String host, int port, int timeoutMillis, boolean secure, ConnectionHandler handler);
}
