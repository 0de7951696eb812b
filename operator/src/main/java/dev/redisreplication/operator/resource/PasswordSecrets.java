package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Secrets of a group, written and read. */
public final class PasswordSecrets {

    /** When the newest password of the ring became it. */
    private static final String SINCE = "since";

    private PasswordSecrets() {}

    /**
     * The Secret of a group whose spec names none. It is made once and never changed.
     *
     * @param password clear text
     */
    public static Secret auth(GroupModel model, String password) {
        return secret(model, model.secretName(), Map.of(GroupModel.PASSWORD_KEY, encoded(password)));
    }

    /**
     * What the nodes mount: all passwords that they take, one a line. It outlives the operator's process, which so knows them
     * too when it is back.
     */
    public static Secret ring(GroupModel model, PasswordRing ring) {
        return secret(
                model,
                model.ringName(),
                Map.of(
                        GroupModel.RING_KEY,
                        encoded(String.join("\n", ring.passwords()) + "\n"),
                        SINCE,
                        encoded(ring.since().toString())));
    }

    /** What {@link #ring} wrote; {@link PasswordRing#EMPTY} when it is something else. */
    public static PasswordRing ring(Secret secret) {
        Optional<String> passwords = text(secret, GroupModel.RING_KEY);
        if (passwords.isEmpty()) {
            return PasswordRing.EMPTY;
        }
        return new PasswordRing(
                passwords.get().lines().filter(line -> !line.isEmpty()).toList(), since(secret));
    }

    private static Instant since(Secret secret) {
        try {
            return Instant.parse(text(secret, SINCE).orElse(""));
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** The password as the Secret has it, if it has one. */
    public static Optional<String> password(Secret secret) {
        return text(secret, GroupModel.PASSWORD_KEY);
    }

    private static Optional<String> text(Secret secret, String key) {
        return Optional.ofNullable(secret)
                .map(Secret::getData)
                .map(data -> data.get(key))
                .map(data -> new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
    }

    private static Secret secret(GroupModel model, String name, Map<String, String> data) {
        return new SecretBuilder()
                .withMetadata(Metadata.of(model, name))
                .withType("Opaque")
                .withData(data)
                .build();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
