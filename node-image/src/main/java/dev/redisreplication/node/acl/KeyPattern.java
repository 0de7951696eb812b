package dev.redisreplication.node.acl;

/**
 * Keys that may be touched.
 *
 * @param reads whether their data may be read
 * @param writes whether their data may be changed
 */
record KeyPattern(Pattern pattern, boolean reads, boolean writes) {
    /** As a rule. */
    String rule() {
        return (reads && writes ? "~" : reads ? "%R~" : "%W~") + pattern.text();
    }

    /** Whether it lets the data of each key be read. */
    boolean readsAny() {
        return reads && pattern.text().equals("*");
    }

    KeyPattern and(boolean moreReads, boolean moreWrites) {
        return new KeyPattern(pattern, reads || moreReads, writes || moreWrites);
    }

    boolean allows(boolean read, boolean write, long key, int length) {
        return (reads || !read) && (writes || !write) && pattern.matches(key, length);
    }
}
