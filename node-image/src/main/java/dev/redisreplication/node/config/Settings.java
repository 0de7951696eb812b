package dev.redisreplication.node.config;

import java.util.function.Consumer;

/** The directives of this node and their current values. Reading is for any thread; changing for the event loop. */
public interface Settings extends Preparation.Next {
    @Override
    <T> T get(Directive<T> directive);

    /** The value of a directive as CONFIG GET prints it. */
    String text(Directive<?> directive);

    /** Gives {@code listener} each new value of {@code directive} that CONFIG SET sets, on the event loop. */
    <T> void onChange(Directive<T> directive, Consumer<T> listener);

    /** As {@link #onChange(Directive, Consumer)}, and the value of now at once. */
    default <T> void follow(Directive<T> directive, Consumer<T> listener) {
        listener.accept(get(directive));
        onChange(directive, listener);
    }
}
