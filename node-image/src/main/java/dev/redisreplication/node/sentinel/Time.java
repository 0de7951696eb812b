package dev.redisreplication.node.sentinel;

import java.util.Locale;

/** How long things take, in milliseconds at first; SENTINEL DEBUG shows and changes them. In Redis' order. */
public enum Time {
    INFO_PERIOD(10_000),
    PING_PERIOD(1_000),
    ASK_PERIOD(1_000),
    PUBLISH_PERIOD(2_000),
    DEFAULT_DOWN_AFTER(30_000),
    DEFAULT_FAILOVER_TIMEOUT(180_000),
    TILT_TRIGGER(2_000),
    TILT_PERIOD(30_000),
    SLAVE_RECONF_TIMEOUT(10_000),
    MIN_LINK_RECONNECT_PERIOD(15_000),
    ELECTION_TIMEOUT(10_000),
    SCRIPT_MAX_RUNTIME(60_000),
    SCRIPT_RETRY_DELAY(30_000);

    final long initial;

    Time(long initial) {
        this.initial = initial;
    }

    /** The name that SENTINEL DEBUG has for it, in lower case. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
