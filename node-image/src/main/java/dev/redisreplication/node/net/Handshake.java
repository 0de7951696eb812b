package dev.redisreplication.node.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;

/** Stands between TLS and a connection until they have agreed, and tells how that ended. */
final class Handshake extends ChannelInboundHandlerAdapter {
    /** Whoever has not said who he is after this time goes. */
    static final int MILLIS = 10_000;

    private final Runnable done;
    private final Consumer<String> failed;
    private boolean ended;

    private Handshake(Runnable done, Consumer<String> failed) {
        this.done = done;
        this.failed = failed;
    }

    /**
     * Secures a channel that nothing was read from yet; before its connection is made.
     *
     * @param millis how long it may take
     * @param failed gets the reason; the channel is closed by then, or soon
     */
    static void secure(Channel channel, SslHandler tls, int millis, Runnable done, Consumer<String> failed) {
        channel.config().setAllocator(TlsContexts.ALLOCATOR);
        tls.setHandshakeTimeoutMillis(millis);
        channel.pipeline().addLast(tls, new Handshake(done, failed));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent end)) {
            context.fireUserEventTriggered(event);
        } else if (end.isSuccess()) {
            ended = true;
            context.pipeline().remove(this);
            done.run();
        } else {
            fail(end.cause());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    private void fail(Throwable cause) {
        if (!ended) {
            ended = true;
            failed.accept(TlsCauses.plain(cause));
        }
    }
}
