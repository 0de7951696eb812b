package dev.redisreplication.node.cli;

import java.util.List;

/** What a server answered. */
sealed interface Reply {
    /** A text, as bytes of Latin-1: a bulk string, or one of the other kinds that have no structure. */
    record Text(Kind kind, String text) implements Reply {}

    /** An array, a set, a push, or a map with keys and values in turn. */
    record Many(Kind kind, List<Reply> items) implements Reply {}

    /** Nothing. */
    record Nil() implements Reply {}

    /** What there is. */
    enum Kind {
        STRING,
        STATUS,
        ERROR,
        INTEGER,
        DOUBLE,
        BOOLEAN,
        VERBATIM,
        ARRAY,
        MAP,
        SET,
        PUSH
    }

    /** Whether it is an error. */
    default boolean isError() {
        return this instanceof Text t && t.kind() == Kind.ERROR;
    }

    /** A text, as bytes of Latin-1; the empty string for others. */
    default String text() {
        return "";
    }

    /** The items of an array or of its kin; none for others. */
    default List<Reply> items() {
        return List.of();
    }
}
