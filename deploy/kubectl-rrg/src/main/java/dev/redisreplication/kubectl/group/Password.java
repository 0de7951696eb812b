package dev.redisreplication.kubectl.group;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A group's password, from its Secret. */
public final class Password {
    private static final String KEY = "password";

    private Password() {}

    /**
     * The password.
     *
     * @throws Failure when the Secret cannot be read, or has none
     */
    public static String of(Found found, RedisReplicationGroup group) {
        String given =
                group.getSpec().auth() == null ? null : group.getSpec().auth().secretName();
        String name = given == null ? found.name() + "-auth" : given;
        Secret secret;
        try {
            secret = found.client()
                    .secrets()
                    .inNamespace(found.namespace())
                    .withName(name)
                    .get();
        } catch (KubernetesClientException e) {
            throw new Failure("the password is in the Secret " + name + ", which you may not read: "
                    + (e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage()));
        }
        if (secret == null || secret.getData() == null || !secret.getData().containsKey(KEY)) {
            throw new Failure("there is no Secret " + name + " with the key \"" + KEY + "\"");
        }
        byte[] bytes = Base64.getDecoder().decode(secret.getData().get(KEY));
        return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    }
}
