package dev.redisreplication.node.store;

/**
 * Up to which size Redis keeps a collection in its compact form: the directives of these names. One that grows beyond is
 * {@linkplain Entry#isGeneral general} from then on.
 *
 * @param hashEntries {@code hash-max-listpack-entries}
 * @param hashValue {@code hash-max-listpack-value}, in bytes, for fields and values
 * @param sortedSetEntries {@code zset-max-listpack-entries}
 * @param sortedSetValue {@code zset-max-listpack-value}, in bytes, for members
 * @param integers {@code set-max-intset-entries}
 */
public record CompactLimits(
        long hashEntries, long hashValue, long sortedSetEntries, long sortedSetValue, long integers) {
    /** What the directives are at first. */
    public static final CompactLimits DEFAULT = new CompactLimits(512, 64, 128, 64, 512);
}
