package dev.redisreplication.node.config;

/**
 * What CONFIG SET has to do for some directives beyond changing their values, and what can fail, such as listening at another
 * port. All that a call needs is prepared first; then all of it is in force, or nothing. On the event loop.
 */
public interface Preparation {
    /** The values as they would be. */
    interface Next {
        /** The value of a directive. */
        <T> T get(Directive<T> directive);
    }

    /** What was prepared. One of the two is called. */
    interface Ready {
        /** The values are in force: so is this now. */
        void commit();

        /** Something else failed: nothing remains of it. */
        void cancel();
    }

    /**
     * Makes ready.
     *
     * @param changed the first one of the directives for which it is done
     * @throws ConfigException why the change is refused; nothing remains
     */
    Ready prepare(Directive<?> changed, Next next) throws ConfigException;
}
