package dev.redisreplication.node.command;

import java.util.Locale;

/** How the process ends in an orderly way: SHUTDOWN and what it may say. On the event loop. */
public interface Shutdown {
    /**
     * What SHUTDOWN, or a directive for a signal, asks for.
     *
     * @param save whether to save a dump (true) or none (false); null: if there are save points
     * @param now does not wait for replicas
     * @param force ends even if the data cannot be made safe
     */
    record Options(Boolean save, boolean now, boolean force) {
        /** What SHUTDOWN without a word does. */
        public static final Options NONE = new Options(null, false, false);

        /** These options and one more, {@code save}, {@code nosave}, {@code now} or {@code force}; null for another word. */
        public Options with(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "save" -> Boolean.FALSE.equals(save) ? null : new Options(true, now, force);
                case "nosave" -> Boolean.TRUE.equals(save) ? null : new Options(false, now, force);
                case "now" -> new Options(save, true, force);
                case "force" -> new Options(save, now, true);
                default -> null;
            };
        }
    }

    /**
     * Begins it, unless it has begun: writes are held back until replicas have everything, the data is made safe, the
     * process ends with status 0. A shutdown that fails or is aborted leaves the node as it was.
     *
     * @param by who asked and waits for the end, and is told when it does not come; put aside by then with {@link #waiting}
     */
    void begin(Options options, Suspension by);

    /** SHUTDOWN ABORT: false when there is nothing to abort. */
    boolean abort();

    /** What who asked waits for. */
    Awaited waiting();
}
