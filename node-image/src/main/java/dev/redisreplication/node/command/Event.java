package dev.redisreplication.node.command;

/** What can happen to a key. Most events have the name and the class under which Redis notifies of them. */
public enum Event {
    /** The value changed, of which no notification tells. */
    CHANGED(null, Event.NONE, true),

    /** The database lost all its keys (with the number {@link Journal#ALL}: all databases did). It has no key. */
    FLUSHED(null, Event.NONE, true),
    /** The database has other data than before (or all have): after SWAPDB, or a full resync. It has no key. */
    EXCHANGED(null, Event.NONE, true),

    /** The key is gone, as its time was over. */
    EXPIRED("expired", 'x', true);

    private static final char NONE = 0;

    private final String name;
    private final char group;
    private final boolean modifies;

    Event(String name, char group, boolean modifies) {
        this.name = name;
        this.group = group;
        this.modifies = modifies;
    }

    /** The name in a notification, or null if no notification tells of it. */
    public String redisName() {
        return name;
    }

    /** The character of its class in {@code notify-keyspace-events}, or 0. */
    public char group() {
        return group;
    }

    /** Whether the value, or whether there is one, may be another than before. */
    public boolean modifies() {
        return modifies;
    }
}
