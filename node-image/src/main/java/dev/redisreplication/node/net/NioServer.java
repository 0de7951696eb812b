package dev.redisreplication.node.net;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** A socket of NIO that listens, and whose address is free as soon as it is closed. */
final class NioServer extends NioServerSocketChannel {
    /** Closes it; on the loop. The JDK lets go of a socket that is closed only when its selector looks again. */
    void closeNow() throws IOException {
        Selector selector = registration().attachment() instanceof SelectionKey key ? key.selector() : null;
        var _ = close();
        if (selector != null) {
            selector.selectNow();
        }
    }
}
