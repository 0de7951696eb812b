package dev.redisreplication.node.command;

import dev.redisreplication.node.config.MemorySize;

/**
 * The bounds that {@code client-output-buffer-limit} sets to what waits to be sent to a client of one class.
 *
 * @param hard bytes, 0 for none
 * @param soft bytes, 0 for none
 * @param softMillis how long the soft bound may be exceeded
 */
public record OutputLimit(long hard, long soft, long softMillis) {
    static final String REASON = "it reads slower than client-output-buffer-limit allows";

    /** Reads the directive: classes with three values each, sizes as bytes or with a unit. */
    public static OutputLimit replica(String directive) {
        return of(directive, "replica", "slave");
    }

    /** As {@link #replica}, for clients that are none. */
    static OutputLimit normal(String directive) {
        return of(directive, "normal", "normal");
    }

    /** As {@link #replica}, for clients that have subscribed. */
    static OutputLimit pubSub(String directive) {
        return of(directive, "pubsub", "pubsub");
    }

    private static OutputLimit of(String directive, String name, String oldName) {
        String[] words = directive.trim().split("\\s+", -1);
        for (int i = 0; i + 3 < words.length; i++) {
            if (words[i].equalsIgnoreCase(name) || words[i].equalsIgnoreCase(oldName)) {
                return new OutputLimit(
                        MemorySize.parse(words[i + 1]),
                        MemorySize.parse(words[i + 2]),
                        Long.parseLong(words[i + 3]) * 1000);
            }
        }
        return new OutputLimit(0, 0, 0);
    }
}
