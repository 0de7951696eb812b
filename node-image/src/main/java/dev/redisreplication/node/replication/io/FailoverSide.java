package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.replication.Failover;
import java.util.List;

/** What a failover sees of this node, and what it does with it. On the event loop. */
final class FailoverSide implements Failover.Side {
    private final Node node;
    private final Replication replication;

    FailoverSide(Node node, Replication replication) {
        this.node = node;
        this.replication = replication;
    }

    @Override
    public List<Failover.Candidate> candidates() {
        return replication.replicas().links().stream()
                .map(link -> new Failover.Candidate(link.address(), link.port(), link.isOnline(), link.acked()))
                .toList();
    }

    @Override
    public long offset() {
        return replication.log().end();
    }

    @Override
    public long now() {
        return node.loop().now();
    }

    @Override
    public void hold(boolean on) {
        node.pauseWhileFailingOver(on);
    }

    @Override
    public void follow(String host, int port) {
        replication.followByHand(host, port);
    }

    @Override
    public void lead() {
        replication.leadByHand();
    }
}
