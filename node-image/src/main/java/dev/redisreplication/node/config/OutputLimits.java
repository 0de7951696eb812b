package dev.redisreplication.node.config;

import java.util.List;
import java.util.Locale;

/**
 * The directive {@code client-output-buffer-limit}: what may wait for a client, class by class.
 *
 * @param normal ordinary clients
 * @param replica replicas
 * @param pubSub clients that have subscribed
 */
public record OutputLimits(OutputLimit normal, OutputLimit replica, OutputLimit pubSub) {
    private static final OutputLimits NONE = new OutputLimits(null, null, null);

    /** Reads a value in canonical form, which names all or some of the classes: the others have no limit. */
    static OutputLimits parse(String canonical) {
        OutputLimits limits = new OutputLimits(unlimited(), unlimited(), unlimited());
        try {
            return limits.with(List.of(canonical.split(" ", -1)));
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The canonical form of what is given, as far as it is given.
     *
     * @param words each class with its hard limit, its soft limit and the seconds of that
     */
    static String check(List<String> words) throws ConfigException {
        return NONE.with(words).text();
    }

    /** What holds after {@code later}, which need not name all classes, was set over {@code before}; both are canonical. */
    static String merge(String before, String later) throws ConfigException {
        return NONE.with(List.of(before.split(" ", -1)))
                .with(List.of(later.split(" ", -1)))
                .text();
    }

    private OutputLimits with(List<String> words) throws ConfigException {
        if (words.isEmpty() || words.size() % 4 != 0) {
            throw new ConfigException("Wrong number of arguments in buffer limit configuration.");
        }
        OutputLimits limits = this;
        for (int i = 0; i < words.size(); i += 4) {
            long hard = MemorySize.parse(words.get(i + 1));
            long soft = MemorySize.parse(words.get(i + 2));
            long seconds = MemorySize.parse(words.get(i + 3));
            long millis = Math.min(seconds, Long.MAX_VALUE / 1000) * 1000;
            limits = limits.with(words.get(i).toLowerCase(Locale.ROOT), new OutputLimit(hard, soft, millis));
            if (hard < 0 || soft < 0 || seconds < 0) {
                throw new ConfigException("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
            }
        }
        return limits;
    }

    private OutputLimits with(String which, OutputLimit limit) throws ConfigException {
        return switch (which) {
            case "normal" -> new OutputLimits(limit, replica, pubSub);
            case "slave", "replica" -> new OutputLimits(normal, limit, pubSub);
            case "pubsub" -> new OutputLimits(normal, replica, limit);
            default -> throw new ConfigException("Invalid client class specified in buffer limit configuration.");
        };
    }

    private static OutputLimit unlimited() {
        return new OutputLimit(0, 0, 0);
    }

    private String text() {
        return (text("normal", normal) + text("slave", replica) + text("pubsub", pubSub)).trim();
    }

    private static String text(String name, OutputLimit limit) {
        return limit == null
                ? ""
                : name + " " + limit.hard() + " " + limit.soft() + " " + limit.softMillis() / 1000 + " ";
    }
}
