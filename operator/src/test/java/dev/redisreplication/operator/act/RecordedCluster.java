package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.observe.RoleLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** A cluster that keeps the status in memory and a journal of what was done to it. */
final class RecordedCluster implements Cluster {

    private final Consumer<String> journal;
    final List<String> events = new ArrayList<>();
    RedisReplicationGroupStatus status = RedisReplicationGroupStatus.empty();
    boolean conflict;
    volatile Runnable beforeLabel = () -> {};

    RecordedCluster(Consumer<String> journal) {
        this.journal = journal;
    }

    @Override
    public RedisReplicationGroupStatus status() {
        return status;
    }

    @Override
    public boolean write(RedisReplicationGroupStatus next) {
        if (conflict) {
            journal.accept("conflict");
            return false;
        }
        status = next;
        journal.accept("status term " + next.term() + " master " + next.master());
        return true;
    }

    @Override
    public boolean label(String pod, String uid, RoleLabel role) {
        beforeLabel.run();
        journal.accept("label " + pod + " " + role.name().toLowerCase(Locale.ROOT));
        return true;
    }

    @Override
    public void announce(boolean warning, String reason, String message) {
        events.add(reason);
    }
}
