package dev.redisreplication.operator.group;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.act.Cluster;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.status.StatusDraft;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A cluster that keeps the status in memory and a journal of what was done to it. */
final class RecordedCluster implements Cluster {

    private final Consumer<String> journal;
    final List<String> events = new CopyOnWriteArrayList<>();
    /** Of a group that has had a master, and has none now. */
    volatile RedisReplicationGroupStatus status = StatusDraft.of(RedisReplicationGroupStatus.empty())
            .master("g-0", "u0")
            .noMaster()
            .build();

    volatile boolean conflict;
    volatile CompletableFuture<Void> beforeLabel = CompletableFuture.completedFuture(null);
    private int version = 1;

    RecordedCluster(Consumer<String> journal) {
        this.journal = journal;
    }

    synchronized Stored stored() {
        return new Stored(Integer.toString(version), status);
    }

    /** Somebody else writes the status. */
    synchronized Stored edit(RedisReplicationGroupStatus now) {
        status = now;
        version++;
        return stored();
    }

    @Override
    public synchronized CompletableFuture<Written> write(Stored from, RedisReplicationGroupStatus next) {
        if (conflict || !from.version().equals(Integer.toString(version))) {
            journal.accept("conflict");
            return CompletableFuture.completedFuture(new Written(false, stored()));
        }
        journal.accept("status term " + next.term() + " master " + next.master());
        return CompletableFuture.completedFuture(new Written(true, edit(next)));
    }

    @Override
    public CompletableFuture<Boolean> label(String pod, String uid, RoleLabel role) {
        return beforeLabel.thenApply(none -> {
            journal.accept("label " + pod + " " + role.name().toLowerCase(Locale.ROOT));
            return true;
        });
    }

    @Override
    public CompletableFuture<Boolean> forgetOrder(String order) {
        journal.accept("forget " + order);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public void announce(boolean warning, String reason, String message) {
        events.add(reason);
    }
}
