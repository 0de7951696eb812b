package dev.redisreplication.operator.observe;

/** Whether this process may act, by its own monotonic clock. */
public interface Leadership {

    /** True as long as no other process can have become leader. Cheap; asked before each order. */
    boolean leading();

    /** Since when (monotonic ms); meaningless while not leading. */
    long since();
}
