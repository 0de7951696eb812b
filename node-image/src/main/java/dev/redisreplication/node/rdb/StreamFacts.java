package dev.redisreplication.node.rdb;

/**
 * A stream's counters.
 *
 * @param lastMs time part of the last generated id
 * @param lastSequence sequence part of the last generated id
 * @param firstMs time part of the first entry's id
 * @param firstSequence its sequence part
 * @param maxDeletedMs time part of the largest id that was deleted
 * @param maxDeletedSequence its sequence part
 * @param entriesAdded entries ever added
 * @param length entries there are now
 */
public record StreamFacts(
        long lastMs,
        long lastSequence,
        long firstMs,
        long firstSequence,
        long maxDeletedMs,
        long maxDeletedSequence,
        long entriesAdded,
        long length) {}
