package dev.redisreplication.node.sentinel;

/** A replica of a master that is watched. */
final class Replica extends DataNode {
    /** When it was told to follow the promoted one. */
    long reconfiguredAt;

    Replica(Address address, long downAfter, long now) {
        super(Kind.REPLICA, nameOf(address), address, downAfter, now);
    }

    static String nameOf(Address address) {
        String host = address.host();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.port();
    }
}
