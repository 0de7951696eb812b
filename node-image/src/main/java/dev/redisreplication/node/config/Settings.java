package dev.redisreplication.node.config;

import java.util.function.Consumer;

/** The directives of this node and their current values. Reading is for any thread; changing for the event loop. */
public interface Settings {
    /** Value of a directive as CONFIG GET prints it. */
    String text(String directive);

    /** Value of a numeric directive (sizes in bytes). */
    long number(String directive);

    /** Value of a directive that is yes or no. */
    boolean yes(String directive);

    /** Calls {@code listener} after {@code directive} was changed by CONFIG SET, on the event loop. */
    void onChange(String directive, Consumer<Settings> listener);
}
