package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** What every object of a group carries: name, labels and owner. */
final class Metadata {

    private Metadata() {}

    static ObjectMeta of(GroupModel model, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(model.namespace())
                .withLabels(Labels.of(model.name()))
                .withOwnerReferences(model.owner())
                .build();
    }
}
