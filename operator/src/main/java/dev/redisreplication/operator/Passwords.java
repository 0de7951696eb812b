package dev.redisreplication.operator;

import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.Others;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;

/** Finds the password of a group, or makes one when the spec names no Secret. */
final class Passwords {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KubernetesClient client;

    Passwords(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Hands the password to the group.
     *
     * @param owned Secrets of the group that this operator made
     * @return what is missing, "" if nothing
     */
    String see(GroupModel model, ManagedGroup group, Collection<Secret> owned) {
        Secret secret = owned.stream()
                .filter(s -> s.getMetadata().getName().equals(model.secretName()))
                .findFirst()
                .orElse(null);
        if (secret == null && (model.givenSecret().isEmpty() || group.password() == null || group.passwordRefused())) {
            // The user's Secret does not carry our labels, so no informer shows it.
            secret = client.secrets()
                    .inNamespace(model.namespace())
                    .withName(model.secretName())
                    .get();
        }
        if (secret == null && model.givenSecret().isEmpty()) {
            secret = make(model, group.password());
        }
        if (secret == null) {
            return group.password() != null ? "" : "spec.auth.secretName: there is no Secret " + model.secretName();
        }
        String data = secret.getData() == null ? null : secret.getData().get(GroupModel.PASSWORD_KEY);
        String password = data == null ? "" : new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
        if (password.isEmpty()) {
            return "spec.auth.secretName: the Secret " + model.secretName() + " has no key \"" + GroupModel.PASSWORD_KEY
                    + "\"";
        }
        group.password(password);
        return "";
    }

    /** Made again after somebody deleted it, it keeps the password that the running nodes have. */
    private Secret make(GroupModel model, String known) {
        byte[] random = new byte[24];
        RANDOM.nextBytes(random);
        String password = known == null ? HexFormat.of().formatHex(random) : known;
        try {
            return client.resource(Others.auth(model, password)).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409) {
                throw e;
            }
            return client.secrets()
                    .inNamespace(model.namespace())
                    .withName(model.secretName())
                    .get();
        }
    }
}
