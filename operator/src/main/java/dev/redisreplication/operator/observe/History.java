package dev.redisreplication.operator.observe;

/**
 * Which replication history a data set belongs to.
 *
 * @param replid its id, "" if unknown
 * @param replid2 the history it continues, "" or forty zeros if none
 * @param secondOffset first offset that is no longer of {@code replid2}, -1 if none
 */
public record History(String replid, String replid2, long secondOffset) {
    /** Nothing is known. */
    public static final History UNKNOWN = new History("", "", -1);
}
