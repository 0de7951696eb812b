package dev.redisreplication.node.net;

import dev.redisreplication.node.resp.NativeBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A connection on a Netty channel. Under epoll the output goes to the socket by one direct call; only what the kernel
 * does not take at once, and every other transport, goes through the channel's outbound buffer.
 */
final class NettyConnection extends Connection {
    private static final int READ_ROOM = 4 * 1024;

    private final NettyLoop loop;
    private final Channel channel;
    private final Socket direct;
    private final String unixPath;
    private Slot in;
    private Slot out;
    private Slot flying;
    private boolean queued;
    private boolean closed;
    private boolean closing;
    private boolean drainWanted;
    private boolean delivering;
    private boolean paused;
    private boolean yielded;
    private long lastInput;
    private String remote;

    NettyConnection(NettyLoop loop, Channel channel, String unixPath, ConnectionHandler handler) {
        super(handler);
        this.loop = loop;
        this.channel = channel;
        this.unixPath = unixPath;
        this.lastInput = loop.now();
        this.direct = loop.transport() == Transport.EPOLL
                        && channel instanceof UnixChannel unix
                        && unix.fd() instanceof Socket socket
                ? socket
                : null;
        channel.config().setRecvByteBufAllocator(() -> new ReadBuffers(this));
        channel.pipeline().addLast(new Events());
    }

    /** What Netty tells of the channel. */
    private final class Events extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received((ByteBuf) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended("closed by peer");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                close(cause.getMessage());
            } else {
                loop.fault(cause);
                close("internal error");
            }
        }
    }

    /** Where Netty is to put the next bytes. */
    ByteBuf readTarget() {
        if (in == null) {
            in = loop.slots().take();
        }
        if (in.buffer.writable() < READ_ROOM) {
            in.buffer.ensure(Slot.SIZE / 2);
        }
        int used = (int) (in.buffer.address() - in.buffer.base()) + in.buffer.readable();
        return in.view().setIndex(used, used).retain();
    }

    boolean wantsToRead() {
        return !paused && !yielded && !closing && !closed;
    }

    private void received(ByteBuf bytes) {
        int n = bytes.readableBytes();
        bytes.release();
        loop.received();
        if (closed || closing) {
            return;
        }
        in.buffer.wrote(n);
        lastInput = loop.roundNow();
        loop.wantRound();
        deliver();
    }

    private void deliver() {
        if (delivering || in == null || in.buffer.readable() == 0) {
            return;
        }
        delivering = true;
        try {
            handler().input(this);
        } catch (RuntimeException | Error fault) { // one connection's fault must not end the others
            loop.fault(fault);
            close("internal error");
        } finally {
            delivering = false;
        }
        if (in != null && in.buffer.readable() == 0) {
            releaseInput();
        }
    }

    private void releaseInput() {
        if (loop.transport() != Transport.IO_URING || closed) { // io_uring may be writing into it already
            loop.slots().give(in);
            in = null;
        }
    }

    @Override
    public NativeBuffer input() {
        if (in == null) {
            in = loop.slots().take();
            if (closed) {
                loop.execute(this::giveBack);
            }
        }
        return in.buffer;
    }

    @Override
    public NativeBuffer output() {
        if (out == null) {
            out = loop.slots().take();
            if (closed) {
                loop.execute(this::giveBack); // nobody will send it
            }
        }
        return out.buffer;
    }

    @Override
    public void flushLater() {
        if (!queued && !closed) {
            queued = true;
            loop.flushAtEnd(this);
        }
    }

    /** The end of the round. */
    void roundEnd() {
        queued = false;
        flushNow();
    }

    @Override
    public void flushNow() {
        if (closed || out == null || flying != null) {
            return;
        }
        NativeBuffer bytes = out.buffer;
        if (direct != null && bytes.readable() > 0) {
            try {
                int n = direct.sendAddress(bytes.address(), 0, bytes.readable());
                loop.sent(n);
                bytes.consume(n);
            } catch (IOException e) {
                close(e.getMessage());
                return;
            }
        }
        if (bytes.readable() == 0) {
            loop.slots().give(out);
            out = null;
            allSent();
        } else {
            sendByChannel();
        }
    }

    private void sendByChannel() {
        flying = out;
        out = null;
        NativeBuffer bytes = flying.buffer;
        loop.sent(bytes.readable());
        int from = (int) (bytes.address() - bytes.base());
        ByteBuf view = flying.view().setIndex(from, from + bytes.readable()).retain();
        ChannelPromise promise = channel.newPromise();
        promise.addListener(done -> landed());
        channel.unsafe().write(view, promise);
        channel.unsafe().flush();
    }

    private void landed() {
        if (flying != null) {
            loop.slots().give(flying);
            flying = null;
        }
        if (closed) {
            return;
        }
        if (out != null && out.buffer.readable() > 0) {
            flushLater(); // what came up meanwhile; the round's hooks go first
            loop.wantRound();
        } else {
            allSent();
        }
    }

    private void allSent() {
        if (closing) {
            close("closed by this server");
        } else if (drainWanted) {
            drainWanted = false;
            loop.execute(() -> {
                if (!closed) {
                    handler().drained(this);
                }
            });
        }
    }

    @Override
    public long pendingOutput() {
        return (out == null ? 0L : out.buffer.readable()) + (flying == null ? 0L : flying.buffer.readable());
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
        loop.execute(() -> {
            if (!closed && !closing) {
                loop.wantRound();
                deliver();
            }
        });
    }

    @Override
    public void yieldTurn() {
        if (!yielded) {
            yielded = true;
            channel.config().setAutoRead(false);
            loop.nextTurn(this::resumeTurn);
        }
    }

    private void resumeTurn() {
        yielded = false;
        if (!closed && !closing) {
            loop.wantRound();
            deliver();
            channel.config().setAutoRead(wantsToRead());
        }
    }

    @Override
    public void reading(boolean on) {
        paused = !on;
        channel.config().setAutoRead(wantsToRead());
    }

    @Override
    public void closeAfterFlush() {
        if (closed || closing) {
            return;
        }
        closing = true;
        channel.config().setAutoRead(false);
        if (pendingOutput() == 0) {
            loop.execute(() -> close("closed by this server"));
        } else {
            flushLater();
            loop.wantRound();
        }
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
            loop.execute(this::giveBack); // the handler is still reading from it
        }
        try {
            handler().closed(this, reason);
        } catch (RuntimeException fault) {
            loop.fault(fault);
        }
    }

    private void giveBack() {
        if (in != null && loop.transport() != Transport.IO_URING) {
            loop.slots().give(in);
        }
        in = null;
        if (out != null) {
            loop.slots().give(out);
            out = null;
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public String remoteAddress() {
        if (remote == null) {
            remote = text(channel.remoteAddress());
        }
        return remote;
    }

    @Override
    public String localAddress() {
        return text(channel.localAddress());
    }

    private String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getAddress() == null
                    ? inet.getHostString()
                    : plain(inet.getAddress().getHostAddress());
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        return unixPath + ":0";
    }

    /** An IPv4 address that came through an IPv6 socket is shown as what it is. */
    private static String plain(String host) {
        String mapped = "::ffff:";
        String longer = "0:0:0:0:0:ffff:";
        if (host.startsWith(longer)) {
            return unmapped(host.substring(longer.length()), host);
        }
        return host.startsWith(mapped) ? unmapped(host.substring(mapped.length()), host) : host;
    }

    private static String unmapped(String rest, String host) {
        int colon = rest.indexOf(':');
        if (colon < 0) {
            return rest;
        }
        try {
            int high = Integer.parseInt(rest.substring(0, colon), 16);
            int low = Integer.parseInt(rest.substring(colon + 1), 16);
            return (high >> 8) + "." + (high & 255) + "." + (low >> 8) + "." + (low & 255);
        } catch (NumberFormatException e) {
            return host;
        }
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
        return (in == null ? 0 : in.buffer.capacity())
                + (out == null ? 0 : out.buffer.capacity())
                + (flying == null ? 0 : flying.buffer.capacity());
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
