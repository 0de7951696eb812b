package dev.redisreplication.node.sentinel;

import java.net.InetAddress;

/**
 * Where an instance is.
 *
 * @param host as it was given: a name or an IP address
 * @param ip the address that the name led to last, or ""; the same as {@code host} if that is an address
 * @param port 0 of one that is known to have moved away
 */
public record Address(String host, String ip, int port) {
    static final int LAST_PORT = 65_535;

    /** One whose name was not looked up yet. */
    public static Address of(String host, int port) {
        return new Address(host, isLiteral(host) ? canonical(host) : "", port);
    }

    /** What is written {@code 127.1} is {@code 127.0.0.1}. */
    private static String canonical(String literal) {
        return literal.indexOf(':') < 0 ? InetAddress.ofLiteral(literal).getHostAddress() : literal;
    }

    /** Whether it is an IP address and no name. */
    public static boolean isLiteral(String host) {
        if (host.isEmpty() || !(host.indexOf(':') >= 0 || Character.isDigit(host.charAt(0))) || host.startsWith("[")) {
            return false;
        }
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether both are one place: the same port, and the same name or the same address. */
    public boolean isSame(Address other) {
        return isAt(other.host, other.port) || (port == other.port && !ip.isEmpty() && ip.equals(other.ip));
    }

    /** Whether it is what somebody calls {@code host}, by name or by address. */
    public boolean isAt(String theirHost, int theirPort) {
        return port == theirPort && (host.equalsIgnoreCase(theirHost) || (!ip.isEmpty() && ip.equals(theirHost)));
    }

    /** It, with what its name led to now. */
    public Address resolved(String address) {
        return new Address(host, address, port);
    }

    /** The name, where Sentinels are to tell names, else the address as far as it is known. */
    public String shown(boolean names) {
        return names || ip.isEmpty() ? host : ip;
    }
}
