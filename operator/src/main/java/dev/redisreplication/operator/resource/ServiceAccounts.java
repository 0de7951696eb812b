package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;

/** The identity of a group's pods. */
public final class ServiceAccounts {

    private ServiceAccounts() {}

    /** An identity of its own, with no rights and no token in the pods. */
    public static ServiceAccount of(GroupModel model) {
        return new ServiceAccountBuilder()
                .withMetadata(Metadata.of(model, model.name()))
                .withAutomountServiceAccountToken(false)
                .build();
    }
}
