package dev.redisreplication.node.net;

import dev.redisreplication.node.resp.NativeBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/** A buffer together with the view that Netty needs of it. Lent to a connection only while it has bytes to hold. */
final class Slot {
    static final int SIZE = 32 * 1024;

    final NativeBuffer buffer = new NativeBuffer(SIZE);
    private ByteBuf view;
    private long viewed;

    /** A view of the whole memory, without a copy; its reference count is the slot's to keep. */
    ByteBuf view() {
        // Grown memory may lie where smaller memory lay that was given back meanwhile: the address alone says nothing.
        if (view == null || viewed != buffer.base() || view.capacity() != buffer.capacity()) {
            view = Unpooled.wrappedBuffer(buffer.whole());
            viewed = buffer.base();
        }
        return view;
    }

    /**
     * Slots that nobody uses. An idle connection holds none, so memory goes by the connections that are busy in the same
     * moment; the last one used is lent first, being in the cache. What was not needed for a while goes back.
     */
    static final class Pool {
        private static final int KEPT = 512;
        private final ArrayDeque<Slot> free = new ArrayDeque<>();
        private int spare; // fewest that were free since the last trim

        Slot take() {
            Slot slot = free.pollLast();
            if (slot == null) {
                slot = new Slot();
            }
            spare = Math.min(spare, free.size());
            return slot;
        }

        void give(Slot slot) {
            slot.buffer.unchain();
            if (slot.buffer.capacity() > SIZE || free.size() >= KEPT) {
                slot.buffer.close();
                return;
            }
            free.addLast(slot);
        }

        /** Gives those back that were not needed since it was last called. */
        void trim() {
            for (int i = 0; i < spare; i++) {
                free.pollFirst().buffer.close();
            }
            spare = free.size();
        }

        /** How many are free. */
        int free() {
            return free.size();
        }
    }
}
