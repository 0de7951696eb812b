package dev.redisreplication.node.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;

/**
 * What sockets get by configuration.
 *
 * @param bindSource address that outgoing connections come from, or ""
 * @param keepaliveSeconds of silence after which the peer is probed; 0 never
 */
public record SocketOptions(String bindSource, int keepaliveSeconds) {
    private static final int PROBES = 3;

    /** Probes a silent peer as Redis does: three times, a third of the time apart. */
    void keepalive(Channel channel) {
        if (keepaliveSeconds <= 0) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        int apart = Math.max(1, keepaliveSeconds / PROBES);
        if (channel instanceof EpollSocketChannel) {
            channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, keepaliveSeconds);
            channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, apart);
            channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
        } else if (channel instanceof IoUringSocketChannel) {
            channel.config().setOption(IoUringChannelOption.TCP_KEEPIDLE, keepaliveSeconds);
            channel.config().setOption(IoUringChannelOption.TCP_KEEPINTVL, apart);
            channel.config().setOption(IoUringChannelOption.TCP_KEEPCNT, PROBES);
        }
    }
}
