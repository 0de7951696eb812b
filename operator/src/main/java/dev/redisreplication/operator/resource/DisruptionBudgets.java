package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** How many pods of a group may be evicted at a time. */
public final class DisruptionBudgets {

    private DisruptionBudgets() {}

    /** Lets a drain take one pod at a time. */
    public static PodDisruptionBudget of(GroupModel model) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.of(model, model.name()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(Labels.selector(model.name()))
                .endSelector()
                .endSpec()
                .build();
    }
}
