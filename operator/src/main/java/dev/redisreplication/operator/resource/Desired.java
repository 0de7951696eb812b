package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/** All objects of a group that are kept as they shall be. The auth Secret is not among them: it is made once. */
public final class Desired {

    private Desired() {}

    /** In the order in which they are applied. */
    public static List<HasMetadata> of(GroupModel model) {
        return List.of(
                ServiceAccounts.of(model),
                Services.nodes(model),
                Services.readWrite(model),
                Services.readOnly(model),
                DisruptionBudgets.of(model),
                StatefulSets.desired(model));
    }
}
