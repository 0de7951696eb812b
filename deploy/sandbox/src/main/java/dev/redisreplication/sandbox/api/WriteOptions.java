package dev.redisreplication.sandbox.api;

import java.util.function.Consumer;

/**
 * How a write is to be done.
 *
 * @param manager the field manager to be recorded
 * @param dryRun whether to do everything but the storing
 * @param force whether an apply takes fields from their owners
 * @param validation what to do about unknown fields: {@code Strict}, {@code Warn} or {@code Ignore}
 * @param warnings where warnings go
 */
public record WriteOptions(
        String manager, boolean dryRun, boolean force, String validation, Consumer<String> warnings) {

    /** The options of the sandbox's own controllers. */
    public static WriteOptions of(String manager) {
        return new WriteOptions(manager, false, false, "Ignore", warning -> {});
    }
}
