package dev.redisreplication.node.net;

import dev.redisreplication.node.resp.NativeBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/**
 * What one connection sends. Under epoll it goes to the socket by one direct call; only what the kernel does not take at
 * once, and every other transport, goes through the channel's outbound buffer. On the loop only.
 */
final class Output {
    private final NettyLoop loop;
    private final Channel channel;
    private final Socket direct;
    private final Runnable landed;
    private Slot next;
    private Slot flying;

    /** @param landed runs when the channel has sent, or will never send, what was left to it */
    Output(NettyLoop loop, Channel channel, Runnable landed) {
        this.loop = loop;
        this.channel = channel;
        this.landed = landed;
        this.direct = loop.transport() == Transport.EPOLL
                        && channel instanceof UnixChannel unix
                        && unix.fd() instanceof Socket socket
                ? socket
                : null;
    }

    /** Where replies are written. */
    NativeBuffer buffer() {
        if (next == null) {
            next = loop.slots().take();
        }
        return next.buffer;
    }

    /** Whether there is a buffer for replies, empty or not. */
    boolean begun() {
        return next != null;
    }

    /** Whether there is a buffer to be sent and nothing before it is still under way. */
    boolean maySend() {
        return next != null && flying == null;
    }

    /**
     * Sends what was written.
     *
     * @return whether nothing is left; else the channel has the rest
     */
    boolean send() throws IOException {
        NativeBuffer bytes = next.buffer;
        if (direct != null && bytes.readable() > 0) {
            int n = direct.sendAddress(bytes.address(), 0, bytes.readable());
            loop.sent(n);
            bytes.consume(n);
        }
        if (bytes.readable() == 0) {
            giveBack();
            return true;
        }
        sendByChannel();
        return false;
    }

    private void sendByChannel() {
        flying = next;
        next = null;
        NativeBuffer bytes = flying.buffer;
        loop.sent(bytes.readable());
        int from = (int) (bytes.address() - bytes.base());
        ByteBuf view = flying.view().setIndex(from, from + bytes.readable()).retain();
        ChannelPromise promise = channel.newPromise();
        promise.addListener(done -> {
            loop.slots().give(flying);
            flying = null;
            landed.run();
        });
        channel.unsafe().write(view, promise);
        channel.unsafe().flush();
    }

    /** Drops what nobody has begun to send. */
    void giveBack() {
        if (next != null) {
            loop.slots().give(next);
            next = null;
        }
    }

    /** Bytes that the kernel has not taken. */
    long pending() {
        return (next == null ? 0L : next.buffer.readable()) + (flying == null ? 0L : flying.buffer.readable());
    }

    /** Bytes of memory in use. */
    long bufferBytes() {
        return (next == null ? 0L : next.buffer.capacity()) + (flying == null ? 0L : flying.buffer.capacity());
    }
}
