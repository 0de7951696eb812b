package dev.redisreplication.node.net;

import dev.redisreplication.node.resp.NativeBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A connection on a Netty channel: what comes in, its turns, and its end. */
final class NettyConnection extends Connection implements Output.Owner, Rounds.Member {
    private static final String BY_PEER = "closed by peer";
    private static final int READ_ROOM = 4 * 1024;
    private static final int MOST_HELD = 2 * Slot.SIZE; // bytes that wait for their turn until nothing more is read

    private final Rounds rounds;
    private final Channel channel;
    private final Output out;
    private final Sealer sealer; // null without TLS
    private final boolean copied; // what was read lies in a buffer of the transport's, not in the input
    private final String unixPath;
    private Slot in;
    private boolean queued;
    private boolean closed;
    private boolean closing;
    private boolean drainWanted;
    private boolean delivering;
    private boolean paused;
    private boolean yielded;
    private boolean ending;
    private boolean handshaking; // TLS has to agree on its keys before anything leaves, and reads for that itself
    private int held; // bytes that came since then
    private long round = -1; // the last one that the handler got input in
    private long lastInput;
    private String remote;

    /**
     * A connection on a channel that nothing was read from yet.
     *
     * @param unixPath of the socket, or null
     * @param tls what stands in the channel's pipeline already, so that {@link #agreed} is to be called later; or null
     */
    NettyConnection(Rounds rounds, Channel channel, String unixPath, SslHandler tls, ConnectionHandler handler) {
        super(handler);
        this.rounds = rounds;
        this.channel = channel;
        this.unixPath = unixPath;
        this.lastInput = rounds.now();
        this.sealer = tls == null ? null : new Sealer(channel, tls.engine());
        this.out = new Output(rounds, channel, sealer, this);
        this.copied = tls != null || rounds.transport() == Transport.IO_URING;
        this.handshaking = tls != null;
        channel.config().setRecvByteBufAllocator(() -> new ReadBuffers(this::readTarget));
        channel.pipeline().addLast(new Events());
    }

    /** What Netty tells of the channel. */
    private final class Events extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received((ByteBuf) message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                inputEnded();
            } else if (event instanceof SslCloseCompletionEvent) {
                inputEnded(); // the other side says so by TLS, and may wait for us to close
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended(BY_PEER);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                close(cause.getMessage());
            } else if (cause instanceof DecoderException) {
                close(TlsCauses.plain(cause));
            } else {
                rounds.fault(cause);
                close("internal error");
            }
        }
    }

    /** Where Netty is to put the next bytes. */
    private ByteBuf readTarget(ByteBufAllocator allocator) {
        if (copied) {
            return allocator.directBuffer(Slot.SIZE); // of a ring: only once its buffers could not be refilled
        }
        return room(READ_ROOM, Slot.SIZE / 2).retain();
    }

    /** A view of the input, to be written behind what is there; with room for {@code more} if not for {@code least}. */
    private ByteBuf room(int least, int more) {
        if (in == null) {
            in = rounds.slots().take();
        }
        if (in.buffer.writable() < least) {
            in.buffer.ensure(more);
        }
        int used = (int) (in.buffer.address() - in.buffer.base()) + in.buffer.readable();
        return in.view().setIndex(used, used);
    }

    /** The two sides have agreed on their keys. */
    void agreed() {
        handshaking = false;
        sealer.agreed();
        read();
    }

    private void read() {
        channel.config().setAutoRead(handshaking || wantsToRead());
    }

    private boolean wantsToRead() {
        return !paused && !yielded && !closing && !closed;
    }

    private void received(ByteBuf bytes) {
        rounds.received();
        if (closed || closing) {
            bytes.release();
            return;
        }
        int n = bytes.readableBytes();
        if (copied) {
            room(n, n).writeBytes(bytes);
        }
        bytes.release();
        in.buffer.wrote(n);
        rounds.wantRound();
        lastInput = rounds.roundNow();
        if (!copied) {
            deliver();
        } else {
            deliverOnceARound(n);
        }
    }

    /**
     * A ring goes on reading within a turn, and for a while after it was told to stop. Who sends much must not keep the
     * others waiting, so what comes second in a round is for the next turn, and much of it ends the reading.
     */
    private void deliverOnceARound(int n) {
        if (!yielded && !paused && round != rounds.round()) {
            round = rounds.round();
            held = 0;
            deliver();
            return;
        }
        if (!paused) {
            nextTurn();
        }
        held += n;
        if (held > MOST_HELD) {
            channel.config().setAutoRead(false);
        }
    }

    /**
     * The other side will send no more. What it sent is executed and answered first: it may only have closed its own half,
     * as {@code nc} does at the end of a file.
     */
    private void inputEnded() {
        ending = true;
        if (!yielded) {
            closeAfterFlush();
        }
    }

    private void deliver() {
        if (delivering || in == null || in.buffer.readable() == 0) {
            return;
        }
        delivering = true;
        try {
            handler().input(this);
        } catch (RuntimeException | Error fault) { // one connection's fault must not end the others
            rounds.fault(fault);
            close("internal error");
        } finally {
            delivering = false;
        }
        if (in != null && in.buffer.readable() == 0) {
            rounds.slots().give(in);
            in = null;
        }
        out.giveBackEmpty();
    }

    @Override
    public NativeBuffer input() {
        if (in == null) {
            in = rounds.slots().take();
            if (closed) {
                rounds.execute(this::giveBack);
            }
        }
        return in.buffer;
    }

    @Override
    public NativeBuffer output() {
        if (closed && !out.begun()) {
            rounds.execute(this::giveBack); // nobody will send it
        }
        return out.buffer();
    }

    @Override
    public void flushLater() {
        if (!queued && !closed) {
            queued = true;
            rounds.flushAtEnd(this);
        }
    }

    @Override
    public void roundEnd() {
        queued = false;
        flushNow();
    }

    @Override
    public void flushNow() {
        if (closed) {
            return;
        }
        if (out.overflowed()) { // also while what came before is still under way: it may never be read
            handler().overflowed(this);
            close("more output waits than may wait");
            return;
        }
        if (!out.maySend()) {
            return;
        }
        try {
            if (out.send()) {
                allSent();
            }
        } catch (IOException e) {
            close(e.getMessage());
        }
    }

    @Override
    public long most() {
        return handler().outputLimit();
    }

    @Override
    public void landed() {
        if (closed) {
            return;
        }
        if (out.linked()) {
            rounds.nextTurn(this::flushLater); // who reads fast must not keep the others waiting
        } else if (out.pending() > 0) {
            flushLater(); // what came up meanwhile; the round's hooks go first
            rounds.wantRound();
        } else {
            allSent();
        }
    }

    private void allSent() {
        if (closing) {
            close(closingReason());
        } else if (drainWanted) {
            drainWanted = false;
            rounds.execute(() -> {
                if (!closed) {
                    handler().drained(this);
                }
            });
        }
    }

    @Override
    public long pendingOutput() {
        return out.pending();
    }

    @Override
    public long written() {
        return out.written();
    }

    @Override
    public void sendUpTo(long position) {
        out.sendUpTo(position);
    }

    @Override
    public void notifyDrained() {
        drainWanted = true;
        if (pendingOutput() == 0) {
            allSent();
        }
    }

    @Override
    public void processInput() {
        rounds.execute(this::processInputNow);
    }

    @Override
    public void processInputNow() {
        if (!closed && !closing) {
            rounds.wantRound();
            deliver();
        }
    }

    @Override
    public void yieldTurn() {
        nextTurn();
        channel.config().setAutoRead(false);
    }

    private void nextTurn() {
        if (!yielded) {
            yielded = true;
            rounds.nextTurn(this::resumeTurn);
        }
    }

    private void resumeTurn() {
        yielded = false;
        if (!closed && !closing) {
            rounds.wantRound();
            held = 0;
            if (!paused) {
                deliver();
            }
            if (ending && !yielded) {
                closeAfterFlush();
            }
            read();
        }
    }

    @Override
    public void reading(boolean on) {
        paused = !on;
        read();
    }

    @Override
    public void closeAfterFlush() {
        if (closed || closing) {
            return;
        }
        closing = true;
        read();
        if (pendingOutput() == 0) {
            rounds.execute(() -> close(closingReason()));
        } else {
            flushLater();
            rounds.wantRound();
        }
    }

    private String closingReason() {
        return ending ? BY_PEER : "closed by this server";
    }

    @Override
    public void close(String reason) {
        if (!closed) {
            ended(reason);
            var _ = channel.close();
        }
    }

    private void ended(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        if (!delivering) {
            giveBack();
        } else {
            rounds.execute(this::giveBack); // the handler is still reading from it
        }
        try {
            handler().closed(this, reason);
        } catch (RuntimeException fault) {
            rounds.fault(fault);
        }
    }

    private void giveBack() {
        if (in != null) {
            rounds.slots().give(in);
            in = null;
        }
        out.giveBack();
    }

    @Override
    public boolean isAgreed() {
        return !handshaking;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public String remoteAddress() {
        if (remote == null) {
            remote = Addresses.text(channel.remoteAddress(), unixPath);
        }
        return remote;
    }

    @Override
    public String localAddress() {
        return Addresses.text(channel.localAddress(), unixPath);
    }

    @Override
    public boolean isUnix() {
        return unixPath != null;
    }

    @Override
    public boolean isLoopback() {
        if (unixPath != null) {
            return true;
        }
        InetAddress address = channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return address != null
                && (address.isLoopbackAddress() || remoteAddress().startsWith("127."));
    }

    @Override
    public int fileDescriptor() {
        return channel instanceof UnixChannel unix ? unix.fd().intValue() : -1;
    }

    @Override
    public long bufferBytes() {
        return (in == null ? 0 : in.buffer.capacity()) + out.bufferBytes();
    }

    @Override
    public int largeOutputs() {
        return out.largeBuffers();
    }

    @Override
    public long inputBytes() {
        return in == null ? 0 : in.buffer.capacity();
    }

    @Override
    public int unreadInput() {
        return in == null ? 0 : in.buffer.readable();
    }

    @Override
    public long lastInput() {
        return lastInput;
    }
}
