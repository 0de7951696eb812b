package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.NodeFacts;

/** What goes over connections. {@code id} ties a reply to its order. */
final class Wire {
    private Wire() {}

    // operator → node
    record Info() {}

    record Renew(long term, long ttl, int replicas, long clock) {}

    record Fence(long term) {}

    record Promote(long term, boolean force) {}

    record Attach(long term, String host) {}

    record Yield(long term, long millis) {}

    record Resume(long term) {}

    // node → operator
    record InfoReply(NodeFacts facts) {}

    record RenewReply(boolean ok) {}

    record FenceReply(
            long term,
            boolean ok,
            ManagedRole roleBefore,
            boolean synced,
            long voteAgeMs,
            String runId,
            History history,
            long offset) {}

    record PromoteReply(long term, boolean ok) {}

    record AttachReply(boolean ok) {}

    record YieldReply(boolean ok) {}

    // client → node and back
    record Write(int id, int size) {}

    record WriteReply(int id, boolean ok) {}

    // replica → master
    record Psync(long term, String replid, long offset) {}

    record Ack(long term, long offset, String echo) {}

    // master → replica
    record Continue(History history) {}

    record FullSync(History history, Entry data) {}

    record Refused() {}

    record Stream(Entry entry) {}
}
