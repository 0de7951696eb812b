package dev.redisreplication.node.net;

import dev.redisreplication.node.resp.NativeBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * Encrypts what a connection sends, from buffer to buffer: the channel's pipeline takes several times as long for a short
 * reply. The pipeline still has the handshake, what belongs to TLS itself, and all that comes in. On the rounds.
 */
final class Sealer {
    private final Channel channel;
    private final SSLEngine engine;
    private boolean agreed;

    Sealer(Channel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
    }

    /** The two sides have agreed on their keys. */
    void agreed() {
        agreed = true;
    }

    /** Whether it may be used: what the pipeline has encrypted and not sent yet must go first. */
    boolean isReady() {
        if (!agreed) {
            return false;
        }
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && waiting.totalPendingWriteBytes() == 0;
    }

    /**
     * Encrypts the beginning of what lies in {@code from}, as far as there is room.
     *
     * @param most bytes of it at most
     * @return how many were taken; 0 when TLS has something else to do first
     */
    int seal(Slot from, int most, Slot to) throws IOException {
        ByteBuffer plain = from.view().internalNioBuffer((int) (from.buffer.address() - from.buffer.base()), most);
        NativeBuffer sealed = to.buffer;
        int used = (int) (sealed.address() - sealed.base()) + sealed.readable();
        ByteBuf view = to.view();
        ByteBuffer room = view.internalNioBuffer(used, view.capacity() - used);
        int taken = 0;
        while (plain.hasRemaining()) {
            SSLEngineResult result = engine.wrap(plain, room);
            sealed.wrote(result.bytesProduced());
            taken += result.bytesConsumed();
            if (result.getStatus() == Status.CLOSED) {
                throw new IOException("TLS has ended");
            }
            if (result.getStatus() != Status.OK || result.bytesConsumed() == 0) {
                break;
            }
        }
        return taken;
    }
}
