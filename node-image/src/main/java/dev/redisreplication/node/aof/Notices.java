package dev.redisreplication.node.aof;

import java.util.function.Consumer;

/** Lines for the log of this node; the server says where they go, before anything is loaded. */
public final class Notices {
    private static volatile Consumer<String> notice = System.out::println;
    private static volatile Consumer<String> warning = System.out::println;

    private Notices() {}

    /** Where lines go. */
    public static void to(Consumer<String> notices, Consumer<String> warnings) {
        notice = notices;
        warning = warnings;
    }

    /** Something happened that is worth a line. */
    public static void note(String text) {
        notice.accept(text);
    }

    /** Something is wrong. */
    public static void warn(String text) {
        warning.accept(text);
    }
}
