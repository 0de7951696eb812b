package dev.redisreplication.node.config;

/**
 * A size, or a share of another one.
 *
 * @param bytes the size, 0 when it is a share or none
 * @param percent the share, 0 when it is a size
 */
public record MemoryShare(long bytes, long percent) {
    static MemoryShare parse(String canonical) {
        return canonical.endsWith("%")
                ? new MemoryShare(0, Long.parseLong(canonical, 0, canonical.length() - 1, 10))
                : new MemoryShare(Long.parseLong(canonical), 0);
    }

    /** Bytes, if the whole has that many; 0 for no limit. */
    public long of(long whole) {
        return percent > 0 ? whole / 100 * percent : bytes;
    }
}
