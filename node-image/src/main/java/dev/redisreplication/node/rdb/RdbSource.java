package dev.redisreplication.node.rdb;

import java.io.IOException;

/** Where the bytes of a dump come from, one after the other. One thread. */
@FunctionalInterface
public interface RdbSource {
    /**
     * The next bytes; waits until there are some.
     *
     * @param address where in native memory they go
     * @param room how many of them at most, 1 at least
     * @return how many, -1 when there are no more
     * @throws IOException when they cannot be had
     */
    int read(long address, int room) throws IOException;
}
