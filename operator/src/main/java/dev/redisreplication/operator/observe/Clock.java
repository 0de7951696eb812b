package dev.redisreplication.operator.observe;

/** The operator's monotonic clock; the only one that decisions see. */
@FunctionalInterface
public interface Clock {

    /** This process' own. */
    Clock MONOTONIC = () -> System.nanoTime() / 1_000_000;

    /** Milliseconds since some moment before this process began. */
    long millis();
}
