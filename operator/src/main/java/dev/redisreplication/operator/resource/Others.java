package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

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

    /**
     * The Secret of a group whose spec names none. It is made once and never changed.
     *
     * @param password clear text
     */
    public static Secret auth(GroupModel model, String password) {
        return new SecretBuilder()
                .withMetadata(metadata(model, model.secretName()))
                .withType("Opaque")
                .withData(Map.of(
                        GroupModel.PASSWORD_KEY,
                        Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    private static ObjectMeta metadata(GroupModel model, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(model.namespace())
                .withLabels(Labels.of(model.name()))
                .withOwnerReferences(model.owner())
                .build();
    }
}
