package dev.redisreplication.node.net;

/** Sockets at which connections are accepted. */
public interface Listening {
    /** Their port, also where the system chose it. */
    int port();

    /** Accepts no more; those that were accepted stay. On the loop. */
    void close();

    /** Nothing that listens. */
    Listening NONE = new Listening() {
        @Override
        public int port() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };
}
