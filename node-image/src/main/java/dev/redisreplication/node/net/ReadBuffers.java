package dev.redisreplication.node.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Makes Netty read straight into a connection's own input, behind the bytes that are waiting there. One read a wake-up
 * while it does not fill the buffer: asking once more only to hear "nothing" would be a system call for each request.
 */
final class ReadBuffers implements RecvByteBufAllocator.ExtendedHandle {
    private static final int MAX_READS = 16; // then the others' turn
    private final NettyConnection connection;
    private int attempted;
    private int last;
    private int reads;

    ReadBuffers(NettyConnection connection) {
        this.connection = connection;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator ignored) {
        return connection.readTarget();
    }

    @Override
    public int guess() {
        return Slot.SIZE;
    }

    @Override
    public void reset(ChannelConfig config) {
        reads = 0;
    }

    @Override
    public void incMessagesRead(int n) {
        reads += n;
    }

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
        return last > 0 && last == attempted && reads < MAX_READS && connection.wantsToRead();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
        return continueReading();
    }

    @Override
    public void readComplete() {}
}
