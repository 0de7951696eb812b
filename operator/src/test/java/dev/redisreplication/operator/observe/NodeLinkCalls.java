package dev.redisreplication.operator.observe;

import java.io.IOException;
import java.util.List;

/** Commands to a fake node from outside of the operator. */
public final class NodeLinkCalls {

    private NodeLinkCalls() {}

    public static Object send(NodeLoop loop, FakeNode node, String... command) {
        try (NodeLink link =
                NodeLink.open(loop, node.address(), node.port(), List.of("secret"), (closed, cause, connected) -> {})) {
            return NodeLink.await(link.send(command), 30_000);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
