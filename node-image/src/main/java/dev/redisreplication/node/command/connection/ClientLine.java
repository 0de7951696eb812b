package dev.redisreplication.node.command.connection;

import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.net.Connection;

/** One client as a line of CLIENT LIST, with the fields of Redis 7.0. */
final class ClientLine {
    private ClientLine() {}

    static String type(Client c) {
        return c.isReplica() ? "REPLICA" : c.isMaster() ? "MASTER" : "NORMAL";
    }

    static String of(Node node, Client c) {
        Connection s = c.connection();
        long now = node.loop().now();
        StringBuilder flags = new StringBuilder();
        if (c.isReplica()) {
            flags.append('S');
        }
        if (c.inMulti()) {
            flags.append('x');
        }
        if (c.isBlocked()) {
            flags.append('b');
        }
        if (s.isUnix()) {
            flags.append('U');
        }
        if (flags.isEmpty()) {
            flags.append('N');
        }
        return new StringBuilder(256)
                .append("id=")
                .append(c.id())
                .append(" addr=")
                .append(s.remoteAddress())
                .append(" laddr=")
                .append(s.localAddress())
                .append(" fd=")
                .append(s.fileDescriptor())
                .append(" name=")
                .append(c.name())
                .append(" age=")
                .append((now - c.createdAt()) / 1000)
                .append(" idle=")
                .append((now - c.lastActive()) / 1000)
                .append(" flags=")
                .append(flags)
                .append(" db=")
                .append(c.db())
                .append(" sub=0 psub=0 ssub=0 multi=")
                .append(c.queuedCommands())
                .append(" qbuf=")
                .append(s.unreadInput())
                .append(" qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=")
                .append(s.pendingOutput())
                .append(" oll=0 omem=0 tot-mem=")
                .append(s.bufferBytes())
                .append(" events=r cmd=")
                .append(c.lastCommand())
                .append(" user=default redir=-1 resp=")
                .append(c.reply().resp3() ? 3 : 2)
                .toString();
    }
}
