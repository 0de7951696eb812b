package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** The small objects of a group. */
public final class Others {

    private Others() {}

    /** Lets a drain take one pod at a time. */
    public static PodDisruptionBudget disruptionBudget(GroupModel model) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(metadata(model, model.name()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(Labels.selector(model.name()))
                .endSelector()
                .endSpec()
                .build();
    }

    /** An identity of its own, with no rights and no token in the pods. */
    public static ServiceAccount serviceAccount(GroupModel model) {
        return new ServiceAccountBuilder()
                .withMetadata(metadata(model, model.name()))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    static ObjectMeta metadata(GroupModel model, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(model.namespace())
                .withLabels(Labels.of(model.name()))
                .withOwnerReferences(model.owner())
                .build();
    }
}
