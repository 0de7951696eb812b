package dev.redisreplication.node.config;

import java.util.List;

/**
 * One directive. Those that this server reads are constants of {@link Directives}; {@link Settings#get} gives their values.
 *
 * @param <T> the type of its value
 */
public final class Directive<T> {
    /** Who can set it. */
    enum Change {
        /** CONFIG SET, too. */
        LIVE,
        /** The start only. */
        START,
        /** The start only; Redis keeps it from clients (enable-protected-configs) rather than from every change. */
        GUARDED
    }

    private final String name;
    private final Kind<T> kind;
    private final String initial;
    private final Change change;
    private final boolean inert;
    private final List<String> idle;
    private final String refusal;

    /** Where its value is among those of all directives. */
    final int index;

    /**
     * Made by {@link Directives}.
     *
     * @param initial value when nobody sets it, in canonical form
     * @param change who can set it
     * @param inert whether it is a hint about memory or speed, accepted for the sake of Redis' own redis.conf and without
     *     effect in this server
     * @param idle values that ask for nothing, besides the default
     * @param refusal why every other value is refused: it would ask for what this server does not do. Null if it does it.
     */
    Directive(
            int index,
            String name,
            Kind<T> kind,
            String initial,
            Change change,
            boolean inert,
            List<String> idle,
            String refusal) {
        this.index = index;
        this.name = name;
        this.kind = kind;
        this.initial = initial;
        this.change = change;
        this.inert = inert;
        this.idle = idle;
        this.refusal = refusal;
    }

    /** Its name, as redis.conf has it. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }

    String initial() {
        return initial;
    }

    Change change() {
        return change;
    }

    boolean inert() {
        return inert;
    }

    /** Why most values of it are refused, or null. */
    String refusal() {
        return refusal;
    }

    Kind.Shape shape() {
        return kind.shape();
    }

    /**
     * The value in canonical form, as CONFIG GET prints it; words are joined by one blank.
     *
     * @throws ConfigException when it is none, or asks for what this server does not do
     */
    String check(List<String> words) throws ConfigException {
        String value = kind.check().canonical(name, words);
        if (isRefused(value)) {
            throw new ConfigException(refusal);
        }
        return value;
    }

    private boolean isRefused(String canonical) {
        return refusal != null && !canonical.equals(initial) && !idle.contains(canonical);
    }

    /**
     * Why the value is refused: it is one, and asks for what this server does not do. Null where it is not.
     *
     * @throws ConfigException when it is no value
     */
    String refusal(List<String> words) throws ConfigException {
        return isRefused(kind.check().canonical(name, words)) ? refusal : null;
    }

    /** The value that a canonical form stands for. */
    T parse(String canonical) {
        return kind.parse().of(canonical);
    }
}
