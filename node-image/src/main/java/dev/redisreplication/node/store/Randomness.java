package dev.redisreplication.node.store;

/** Random numbers for sampling (xorshift64*): quick, and of no use as secrets. One thread at a time. */
public final class Randomness {
    private long state;

    public Randomness(long seed) {
        state = seed == 0 ? 0x9e3779b97f4a7c15L : seed;
    }

    /** 64 random bits. */
    public long next() {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return state * 0x2545f4914f6cdd1dL;
    }

    /** A number from 0 to bound - 1. */
    public long below(long bound) {
        return Long.remainderUnsigned(next() >>> 1, bound);
    }
}
