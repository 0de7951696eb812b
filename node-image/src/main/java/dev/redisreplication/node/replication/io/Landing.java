package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.rdb.RdbSource;
import java.io.IOException;

/**
 * Where a dump lands that comes off the wire: the event loop puts bytes in, the loader takes them out while more come, and
 * waits when it is ahead. What the loader may have is said apart from what is there, as the last bytes may be the mark that
 * ends the transfer.
 */
abstract class Landing implements RdbSource {
    private long allowed;
    private long taken;
    private boolean whole;
    private boolean given;

    /** Takes bytes off the wire. On the event loop. */
    abstract void put(long address, int length) throws IOException;

    /** Copies bytes from a place of the dump that are there; returns how many, 1 at least. On the loader's thread. */
    abstract int fetch(long address, int room, long place) throws IOException;

    /** Whether no more is to come until the loader has taken some. On the event loop. */
    boolean isFull() {
        return false;
    }

    /**
     * The dump is whole, and has been read to its end: makes it outlive a crash, if that is what it is for.
     *
     * @param length of the dump, in bytes
     */
    abstract void settle(long length) throws IOException;

    /** Frees what it has open. After the loader has ended. */
    abstract void close();

    /**
     * The loader may have so many bytes, counted from the start.
     *
     * @param complete whether that is all there will be
     */
    final synchronized void allow(long bytes, boolean complete) {
        allowed = Math.max(allowed, bytes);
        whole = complete;
        notifyAll();
    }

    /** No more will come: the loader is to end. */
    final synchronized void giveUp() {
        given = true;
        notifyAll();
    }

    @Override
    public final int read(long address, int room) throws IOException {
        int most = (int) Math.min(room, awaitBytes());
        if (most == 0) {
            return -1;
        }
        int done = fetch(address, most, taken);
        taken += done;
        return done;
    }

    private synchronized long awaitBytes() throws IOException {
        try {
            while (allowed == taken && !whole && !given) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (given) {
            throw new IOException("the transfer was given up");
        }
        return allowed - taken;
    }

    /** Waits until the transfer is whole; returns the length of the dump. */
    final synchronized long awaitWhole() throws IOException {
        while (!whole) {
            try {
                if (given) {
                    throw new IOException("the transfer was given up");
                }
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return allowed;
    }
}
