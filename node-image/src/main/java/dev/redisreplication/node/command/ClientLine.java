package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Connection;

/** One client as a line of CLIENT LIST, with the fields of Redis 7.0. */
public final class ClientLine {
    private ClientLine() {}

    /** TYPE as CLIENT LIST and CLIENT KILL have it. */
    public static String type(Client c) {
        if (c.isReplica()) {
            return "REPLICA";
        }
        return c.isMaster() ? "MASTER" : c.isSubscribed() ? "PUBSUB" : "NORMAL";
    }

    /** The line, without an end. */
    public static String of(Node node, Client c) {
        Connection s = c.connection();
        long now = node.loop().now();
        long output = s.bufferBytes() - s.inputBytes();
        long large = s.largeOutputs() == 0 ? 0 : output; // more waits than an ordinary buffer holds: Redis' reply list
        StringBuilder flags = new StringBuilder();
        if (c.isReplica()) {
            flags.append('S');
        }
        if (c.isMonitor()) {
            flags.append('O');
        }
        if (c.isMaster()) {
            flags.append('M');
        }
        if (c.isSubscribed()) {
            flags.append('P');
        }
        if (c.inMulti()) {
            flags.append('x');
        }
        if (c.isBlocked()) {
            flags.append('b');
        }
        if (c.tracking() != null) {
            flags.append('t');
            if (c.tracking().broken()) {
                flags.append('R');
            }
            if (c.tracking().options().broadcast()) {
                flags.append('B');
            }
        }
        if (!c.mayBeEvicted()) {
            flags.append('e');
        }
        if (c.isNoTouch()) {
            flags.append('T');
        }
        if (s.isUnix()) {
            flags.append('U');
        }
        if (flags.isEmpty()) {
            flags.append('N');
        }
        return "id=" + c.id()
                + " addr=" + s.remoteAddress()
                + " laddr=" + s.localAddress()
                + " fd=" + s.fileDescriptor()
                + " name=" + c.name()
                + " age=" + (now - c.createdAt()) / 1000
                + " idle=" + (now - c.lastActive()) / 1000
                + " flags=" + flags
                + " db=" + c.db()
                + " sub=" + c.subscriptions(Space.CHANNEL)
                + " psub=" + c.subscriptions(Space.PATTERN)
                + " ssub=" + c.subscriptions(Space.SHARD)
                + " multi=" + c.queuedCommands()
                + " qbuf=" + s.unreadInput()
                + " qbuf-free=" + Math.max(0, s.inputBytes() - s.unreadInput())
                + " argv-mem=" + c.suspendedMemory() // else arguments lie in qbuf until their command has run
                + " multi-mem=" + c.queueMemory()
                + " rbs=" + (output - large)
                + " rbp=" + (output - large)
                + " obl=" + (large == 0 ? s.pendingOutput() : 0)
                + " oll=" + s.largeOutputs()
                + " omem=" + large
                + " tot-mem=" + c.memory()
                + " events=r cmd=" + c.lastCommand()
                + " user=" + c.user().name() + " redir="
                + c.redirect() + " resp="
                + (c.resp3() ? 3 : 2);
    }
}
