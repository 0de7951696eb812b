package dev.redisreplication.node.config;

/**
 * The value of {@code notify-keyspace-events}: classes of events as characters, {@code A} for most of them, and {@code K} and
 * {@code E} for the two kinds of channels.
 *
 * @param text in the order and the short form in which Redis shows them
 */
public record EventClasses(String text) {
    private static final String ALL = "g$lshzxetd"; // what A stands for
    private static final String EXTRA = "nKEm"; // behind the others

    static String canonical(String value) throws ConfigException {
        String known = ALL + EXTRA + "A";
        if (!value.chars().allMatch(c -> known.indexOf(c) >= 0)) {
            throw new ConfigException("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
        }
        EventClasses given = new EventClasses(value);
        boolean all = ALL.chars().allMatch(c -> given.include((char) c));
        StringBuilder text = new StringBuilder(all ? "A" : "");
        for (char c : ((all ? "" : ALL) + EXTRA).toCharArray()) {
            if (given.include(c)) {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Whether this class, or kind of channel, is among them, by itself or by {@code A}. */
    public boolean include(char group) {
        return text.indexOf(group) >= 0 || (text.indexOf('A') >= 0 && ALL.indexOf(group) >= 0);
    }
}
