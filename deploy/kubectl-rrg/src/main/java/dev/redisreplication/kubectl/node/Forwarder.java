package dev.redisreplication.kubectl.node;

import io.fabric8.kubernetes.client.PortForward;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A port of this machine whose connections lead to the node of a pod; which one is asked for each connection anew. */
public final class Forwarder implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Supplier<PodResource> target;
    private final Set<PortForward> forwards = ConcurrentHashMap.newKeySet();

    /** @param target the pod that a new connection is to lead to; may throw to refuse it */
    public Forwarder(Supplier<PodResource> target) throws IOException {
        this.target = target;
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Thread.ofPlatform().daemon().name("forwarder").start(this::accept);
    }

    /** The port, of 127.0.0.1. */
    public int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                lead(listener.accept());
            } catch (IOException e) {
                // Closed, or the client was gone before it was accepted.
            }
        }
    }

    private void lead(SocketChannel client) throws IOException {
        try {
            forwards.add(target.get().portForward(NodeConnection.PORT, client, client));
        } catch (RuntimeException e) {
            // The client tries again, or says that the connection was closed.
            client.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (PortForward forward : forwards) {
            forward.close();
        }
    }
}
