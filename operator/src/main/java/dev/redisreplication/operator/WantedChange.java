package dev.redisreplication.operator;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Lets through what somebody wants of a group: a change of its spec or of its annotations, and its deletion. What this operator itself
 * writes to the status is no reason to reconcile.
 */
public class WantedChange implements OnUpdateFilter<RedisReplicationGroup> {

    @Override
    public boolean accept(RedisReplicationGroup now, RedisReplicationGroup before) {
        ObjectMeta is = now.getMetadata();
        ObjectMeta was = before.getMetadata();
        return !Objects.equals(is.getGeneration(), was.getGeneration())
                || !Objects.equals(is.getAnnotations(), was.getAnnotations())
                || !Objects.equals(is.getDeletionTimestamp(), was.getDeletionTimestamp());
    }
}
