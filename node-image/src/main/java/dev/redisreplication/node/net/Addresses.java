package dev.redisreplication.node.net;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Socket addresses as Redis writes them. */
final class Addresses {
    private static final String MAPPED = "::ffff:";
    private static final String MAPPED_LONG = "0:0:0:0:0:ffff:";

    private Addresses() {}

    /** {@code ip:port}, an IPv6 address in brackets; the path of the unix socket where there is no IP address. */
    static String text(SocketAddress address, String unixPath) {
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
        if (host.startsWith(MAPPED_LONG)) {
            return unmapped(host.substring(MAPPED_LONG.length()), host);
        }
        return host.startsWith(MAPPED) ? unmapped(host.substring(MAPPED.length()), host) : host;
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
}
