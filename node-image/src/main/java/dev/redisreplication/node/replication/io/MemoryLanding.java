package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.memory.Memory;
import java.io.IOException;

/** A dump that lands in memory and is gone once it is loaded. The wire waits where the loader is slower. */
final class MemoryLanding extends Landing {
    private static final long MOST = 8 << 20;

    private final Runnable hasRoom;
    private final EffectLog bytes = new EffectLog(); // by whoever has its lock
    private boolean waits; // the wire does

    /** @param hasRoom called, on the loader's thread, when the wire may go on after {@link #isFull} */
    MemoryLanding(Runnable hasRoom) {
        this.hasRoom = hasRoom;
    }

    @Override
    void put(long address, int length) {
        synchronized (bytes) {
            bytes.append(address, length);
        }
    }

    @Override
    int fetch(long address, int room, long place) {
        boolean goesOn;
        int length;
        synchronized (bytes) {
            length = Math.min(room, bytes.contiguous(place));
            Memory.copy(bytes.address(place), address, length);
            bytes.trimTo(place + length);
            goesOn = waits && bytes.size() <= MOST / 2;
            waits &= !goesOn;
        }
        if (goesOn) {
            hasRoom.run();
        }
        return length;
    }

    @Override
    boolean isFull() {
        synchronized (bytes) {
            waits |= bytes.size() >= MOST;
            return waits;
        }
    }

    @Override
    void settle(long length) throws IOException {
        // It is in the store.
    }

    @Override
    void close() {
        bytes.close();
    }
}
