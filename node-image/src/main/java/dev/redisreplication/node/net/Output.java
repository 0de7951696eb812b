package dev.redisreplication.node.net;

import dev.redisreplication.node.resp.NativeBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/**
 * What one connection sends. Under epoll it goes to the socket by one direct call; only what the kernel does not take at
 * once, and every other transport, goes through the channel's outbound buffer. With TLS it is encrypted before; a great deal
 * is left to the channel's pipeline for that. On the rounds only.
 */
final class Output {
    /** Whose output it is: tells how much may wait. */
    interface Owner extends NativeBuffer.Bound {
        /** The channel has sent what was left to it, or never will. */
        void landed();
    }

    private final Rounds rounds;
    private final Channel channel;
    private final Owner owner;
    private final Socket direct;
    private final Sealer sealer;
    private Slot next;
    private NativeBuffer flying;
    private Slot flyingSlot; // it is the buffer of this one; null for a link
    private long sent; // bytes that left the buffer, since the beginning
    private long bound = Long.MAX_VALUE; // what lies behind it stays in the buffer

    /** @param sealer encrypts what is sent; null where there is no TLS */
    Output(Rounds rounds, Channel channel, Sealer sealer, Owner owner) {
        this.rounds = rounds;
        this.channel = channel;
        this.owner = owner;
        this.sealer = sealer;
        this.direct = rounds.transport() == Transport.EPOLL
                        && channel instanceof UnixChannel unix
                        && unix.fd() instanceof Socket socket
                ? socket
                : null;
    }

    /** Where replies are written. */
    NativeBuffer buffer() {
        if (next == null) {
            next = rounds.slots().take();
            next.buffer.chain(owner);
        }
        return next.buffer;
    }

    /** Whether there is a buffer for replies, empty or not. */
    boolean begun() {
        return next != null;
    }

    /**
     * Whether there is a buffer to be sent, it may be sent, and nothing before it is still under way. A channel may have closed its
     * socket by itself, and tell so later; its descriptor may be that of another socket by then.
     */
    boolean maySend() {
        return next != null && flying == null && sent < bound && channel.isOpen();
    }

    /** See {@link Connection#written}. */
    long written() {
        return sent + (next == null ? 0 : next.buffer.total());
    }

    /** See {@link Connection#sendUpTo}. */
    void sendUpTo(long position) {
        bound = position;
    }

    /** Whether more was put than may wait, so that a part is missing and nothing must be sent. */
    boolean overflowed() {
        return next != null && next.buffer.overflowed();
    }

    /** Whether more waits than one call of {@link #send} hands over. */
    boolean linked() {
        return next != null && next.buffer.links() > 0;
    }

    /**
     * Sends what was written, as far as it may be; of a great deal the first link: other connections have their turn before
     * the next.
     *
     * @return whether nothing is left; else the channel has the rest or a part of it, or it may not be sent yet
     */
    boolean send() throws IOException {
        NativeBuffer bytes = next.buffer;
        if (bytes.links() > 0) {
            fly(bytes.takeLink(bound - sent), null);
            return false;
        }
        int most = (int) Math.min(bytes.readable(), bound - sent);
        if (sealer != null) {
            return sendSealed(most);
        }
        if (direct != null && most > 0) {
            int n = direct.sendAddress(bytes.address(), 0, most);
            rounds.sent(n);
            bytes.consume(n);
            sent += n;
            most -= n;
        }
        if (bytes.readable() == 0) {
            giveBack();
            return true;
        }
        if (most > 0) {
            sendByChannel(bytes, most);
        }
        return false;
    }

    private boolean sendSealed(int most) throws IOException {
        if (!sealer.isReady()) {
            sendByChannel(next.buffer, most);
            return false;
        }
        int left = most;
        while (left > 0 && flying == null) {
            Slot sealed = rounds.slots().take();
            int n;
            try {
                n = sealer.seal(next, left, sealed);
            } catch (IOException e) {
                rounds.slots().give(sealed);
                throw e;
            }
            next.buffer.consume(n);
            sent += n;
            left -= n;
            rounds.sent(n);
            flyDirectly(sealed);
            if (n == 0 && flying == null) {
                sendByChannel(next.buffer, left);
                return false;
            }
        }
        if (next.buffer.readable() == 0) {
            giveBack();
        }
        return next == null && flying == null;
    }

    /** What is encrypted goes past the pipeline, which would encrypt it again. */
    private void flyDirectly(Slot sealed) throws IOException {
        NativeBuffer bytes = sealed.buffer;
        if (direct != null && bytes.readable() > 0) {
            bytes.consume(direct.sendAddress(bytes.address(), 0, bytes.readable()));
        }
        if (bytes.readable() == 0) {
            rounds.slots().give(sealed);
        } else {
            hand(bytes, sealed, false);
        }
    }

    private void sendByChannel(NativeBuffer bytes, int count) {
        Slot slot = next;
        if (count < bytes.readable()) {
            slot = rounds.slots().take(); // the rest stays where it is
            slot.buffer.put(bytes.address(), count);
            bytes.consume(count);
        } else {
            next = null;
        }
        fly(slot.buffer, slot);
    }

    private void fly(NativeBuffer bytes, Slot slot) {
        sent += bytes.readable();
        rounds.sent(bytes.readable());
        hand(bytes, slot, sealer != null);
    }

    /** Leaves bytes to the channel, through its pipeline if they are to be encrypted there. */
    private void hand(NativeBuffer bytes, Slot slot, boolean pipeline) {
        flying = bytes;
        flyingSlot = slot;
        int from = (int) (bytes.address() - bytes.base());
        ByteBuf whole = slot == null
                ? Unpooled.wrappedBuffer(bytes.whole())
                : slot.view().retain();
        ChannelPromise promise = channel.newPromise();
        promise.addListener(done -> {
            land();
            owner.landed();
        });
        ByteBuf part = whole.setIndex(from, from + bytes.readable());
        if (pipeline) {
            var _ = channel.writeAndFlush(part, promise);
        } else {
            channel.unsafe().write(part, promise);
            channel.unsafe().flush();
        }
    }

    private void land() {
        if (flyingSlot == null) {
            flying.close();
        } else {
            rounds.slots().give(flyingSlot);
        }
        flying = null;
        flyingSlot = null;
    }

    /** Drops what nobody has begun to send. */
    void giveBack() {
        if (next != null) {
            rounds.slots().give(next);
            next = null;
        }
    }

    /** Gives the buffer back if nothing was written to it. */
    void giveBackEmpty() {
        if (next != null && next.buffer.total() == 0 && !next.buffer.overflowed()) {
            giveBack();
        }
    }

    /** Bytes that the kernel has not taken. */
    long pending() {
        return (next == null ? 0L : next.buffer.total()) + (flying == null ? 0L : flying.readable());
    }

    /** Bytes of memory in use. */
    long bufferBytes() {
        return (next == null ? 0L : next.buffer.held()) + (flying == null ? 0L : flying.capacity());
    }

    /** How many buffers there are besides one of the ordinary size, and what they take. */
    int largeBuffers() {
        return (next == null ? 0 : next.buffer.links() + (next.buffer.capacity() > Slot.SIZE ? 1 : 0))
                + (flying == null ? 0 : 1);
    }
}
