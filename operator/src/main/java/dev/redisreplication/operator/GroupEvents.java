package dev.redisreplication.operator;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;
import java.util.function.Consumer;

/** Wakes the reconciler when a group's nodes need it, and tells when a group has been deleted. */
final class GroupEvents extends AbstractEventSource<Void, RedisReplicationGroup>
        implements ResourceEventAware<RedisReplicationGroup> {

    private final Consumer<ResourceID> deleted;

    GroupEvents(Consumer<ResourceID> deleted) {
        super(Void.class, "nodes");
        this.deleted = deleted;
    }

    void wake(ResourceID group) {
        if (isRunning()) {
            getEventHandler().handleEvent(new Event(group));
        }
    }

    @Override
    public Set<Void> getSecondaryResources(RedisReplicationGroup primary) {
        return Set.of();
    }

    @Override
    public void onResourceDeleted(RedisReplicationGroup group) {
        deleted.accept(ResourceID.fromResource(group));
    }
}
