package dev.redisreplication.node.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks names of hosts up. The name of a master in Kubernetes comes and goes and changes its address: nothing is
 * remembered, neither an answer nor that there was none. An answer can take many seconds, which the event loop has not.
 */
final class Names {
    static {
        // Read once, at the first look-up of this process.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private Names() {}

    /** Sees to it that the JVM remembers no name from now on; before the first one is looked up. */
    static void neverRemembered() {
        // The initializer above has done it.
    }

    /**
     * Looks a name up on a thread of its own; an address needs none. One of the two is called, on whatever thread.
     *
     * @param found gets all addresses of the name, in the order in which they are to be tried
     * @param failed gets the reason
     */
    static void find(String host, Consumer<List<InetAddress>> found, Consumer<String> failed) {
        InetAddress literal = literal(host);
        if (literal != null) {
            found.accept(List.of(literal));
            return;
        }
        Thread.ofPlatform().name("resolver").daemon().start(() -> {
            List<InetAddress> addresses;
            try {
                addresses = List.of(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                failed.accept("Name or service not known");
                return;
            }
            found.accept(addresses);
        });
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
