package dev.redisreplication.node.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.Function;

/**
 * Makes Netty read straight into a connection's own input, behind the bytes that are waiting there. One read a wake-up:
 * asking once more only to hear "nothing" would be a system call for each request, and who sends much must not keep the
 * others waiting.
 */
final class ReadBuffers implements RecvByteBufAllocator.ExtendedHandle {
    private final Function<ByteBufAllocator, ByteBuf> target;
    private int attempted;
    private int last;

    /** @param target gives where the next bytes go */
    ReadBuffers(Function<ByteBufAllocator, ByteBuf> target) {
        this.target = target;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        return target.apply(allocator);
    }

    @Override
    public int guess() {
        return Slot.SIZE;
    }

    @Override
    public void reset(ChannelConfig config) {}

    @Override
    public void incMessagesRead(int n) {}

    @Override
    public void lastBytesRead(int bytes) {
        last = bytes;
    }

    @Override
    public int lastBytesRead() {
        return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
        return attempted;
    }

    @Override
    public boolean continueReading() {
        return false;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
        return continueReading();
    }

    @Override
    public void readComplete() {}
}
