package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.memory.Usage;
import java.util.ArrayList;

/**
 * What all databases of a {@link Store} have in common: the clock, what happens to keys whose time is over, who is told of
 * changes, figures, and things that operations on values reuse.
 */
public final class StoreCore {
    static final StoreListener NOBODY = new StoreListener() {};

    long now = System.currentTimeMillis();
    ExpiryMode expiryMode = ExpiryMode.DELETE;
    StoreListener listener = NOBODY;
    int epoch; // of the last snapshot
    long expiredKeys;
    long expiredFields;
    long hits;
    long misses;
    EvictionPolicy policy = EvictionPolicy.NOEVICTION;
    CompactLimits limits = CompactLimits.DEFAULT;
    final Randomness randomness = new Randomness(System.nanoTime());
    final Usage usage = new Usage();
    final AccessClock access;
    private final Slice scratch = new Slice();
    private final ArrayList<Frame> frames = new ArrayList<>();
    private int framesInUse;

    /** @param newPeriod is called when one of the access clock begins: {@link AccessClock} */
    StoreCore(Runnable newPeriod) {
        access = new AccessClock(now, randomness, newPeriod);
    }

    /** See {@link Store#clock}. */
    void clock(long millis) {
        now = millis;
        access.tick(millis);
    }

    /** See {@link Store#policy()}. */
    public EvictionPolicy policy() {
        return policy;
    }

    /** See {@link Store#limits()}. */
    public CompactLimits limits() {
        return limits;
    }

    /** Random numbers for commands that sample. */
    public Randomness randomness() {
        return randomness;
    }

    /** A slice for the {@code type} classes to render into; whoever uses it must be done before calling anything else. */
    public Slice scratch() {
        return scratch;
    }

    /**
     * A cursor and slices for one operation on a value; close it when done. Operations may nest: a visitor may read, or write to
     * another key.
     */
    public Frame frame() {
        if (framesInUse == frames.size()) {
            frames.add(new Frame(() -> framesInUse--));
        }
        return frames.get(framesInUse++);
    }
}
