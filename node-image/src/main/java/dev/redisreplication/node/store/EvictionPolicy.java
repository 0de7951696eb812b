package dev.redisreplication.node.store;

import java.util.Locale;

/** Which key goes when memory is short: the values of the directive {@code maxmemory-policy}. */
public enum EvictionPolicy {
    /** None. */
    NOEVICTION(By.NOTHING, false),
    /** The one that was not used for longest. */
    ALLKEYS_LRU(By.IDLE_TIME, false),
    /** The same, of those with a time to live. */
    VOLATILE_LRU(By.IDLE_TIME, true),
    /** The one that is used least often. */
    ALLKEYS_LFU(By.FREQUENCY, false),
    /** The same, of those with a time to live. */
    VOLATILE_LFU(By.FREQUENCY, true),
    /** Any. */
    ALLKEYS_RANDOM(By.CHANCE, false),
    /** Any with a time to live. */
    VOLATILE_RANDOM(By.CHANCE, true),
    /** The one whose time will be over first. */
    VOLATILE_TTL(By.TIME_TO_LIVE, true);

    /** What it is chosen by. */
    enum By {
        NOTHING,
        IDLE_TIME,
        FREQUENCY,
        CHANCE,
        TIME_TO_LIVE
    }

    final By by;
    final boolean onlyVolatile;

    EvictionPolicy(By by, boolean onlyVolatile) {
        this.by = by;
        this.onlyVolatile = onlyVolatile;
    }

    /** The policy that the directive calls so. */
    public static EvictionPolicy of(String directive) {
        return valueOf(directive.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /** Whether there is any key that it lets go. */
    public boolean evicts() {
        return by != By.NOTHING;
    }

    /** Whether it chooses by the time since a key was last used. */
    public boolean isLru() {
        return by == By.IDLE_TIME;
    }

    /** Whether it chooses by how often a key is used; without such a policy that is not known. */
    public boolean isLfu() {
        return by == By.FREQUENCY;
    }
}
