package dev.redisreplication.operator;

import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.PasswordRing;
import dev.redisreplication.operator.resource.PasswordSecrets;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/**
 * The passwords of one group. What the user's Secret says is written, with what it said before, into a Secret of the operator's
 * own, which the nodes mount; a password leaves that one when it is not needed any more. One thread at a time, {@link
 * #known} excepted.
 */
final class Passwords {

    /** What stands for bytes that are no text. */
    private static final char NO_CHARACTER = '\uFFFD';

    private static final SecureRandom RANDOM = new SecureRandom();
    /** The user's Secret does not carry our labels, so no informer shows it. */
    private static final long LOOK_EVERY_MS = 10_000;
    /** While nodes refuse what is known. */
    private static final long LOOK_SOON_MS = 1000;

    private final KubernetesClient client;
    private final Clock clock;
    private PasswordRing ring = PasswordRing.EMPTY;
    private boolean ringRead;
    private String lookedFor = "";
    private long lookedAt;
    private String found;
    private String problem = "";
    private volatile List<String> known = List.of();

    Passwords(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Passwords that a node may take, the most likely one first. From any thread. */
    List<String> known() {
        return known;
    }

    /** What the nodes shall take; empty while nothing is known. */
    PasswordRing ring() {
        return ring;
    }

    /** Why the user's Secret is of no use, in a sentence; "" if it is. */
    String problem() {
        return problem;
    }

    /**
     * Looks at the Secrets.
     *
     * @param owned Secrets of the group that this operator made, as an informer shows them
     * @param denied whether a member refuses what is known: the Secret may have been mended
     * @param lacking finds the members that are not known to take a password
     */
    void look(GroupModel model, Collection<Secret> owned, boolean denied, Function<String, List<String>> lacking) {
        if (!ringRead) {
            ring = PasswordSecrets.ring(read(model, model.ringName()));
            ringRead = true;
            known = ring.passwords();
        }
        if (model.givenSecret().filter(model.ringName()::equals).isPresent()) {
            problem = "spec.auth.secretName: " + model.ringName() + " is the operator's own";
            return;
        }
        lookAtUsers(model, owned, denied);
        if (found != null) {
            ring = ring.with(withoutLineEnd(found), Instant.now());
        }
        if (ring.turning()) {
            ring = ring.settled(lacking.apply(ring.newest()), model.previousValid(), Instant.now());
        }
        known = toTry();
    }

    private void lookAtUsers(GroupModel model, Collection<Secret> owned, boolean denied) {
        String name = model.secretName();
        Secret secret = owned.stream()
                .filter(s -> s.getMetadata().getName().equals(name))
                .findFirst()
                .orElse(null);
        if (secret == null) {
            long age = clock.millis() - lookedAt;
            boolean due =
                    !name.equals(lookedFor) || found == null || age >= LOOK_EVERY_MS || (denied && age >= LOOK_SOON_MS);
            if (!due) {
                return;
            }
            secret = read(model, name);
            lookedFor = name;
            lookedAt = clock.millis();
        }
        if (secret == null && model.givenSecret().isEmpty()) {
            secret = make(model);
        }
        take(name, secret);
    }

    private void take(String name, Secret secret) {
        found = null;
        if (secret == null) {
            problem = "spec.auth.secretName: there is no Secret " + name;
            return;
        }
        String password = PasswordSecrets.password(secret).orElse("");
        if (withoutLineEnd(password).isEmpty()) {
            problem = "spec.auth.secretName: the Secret " + name + " has no key \"" + GroupModel.PASSWORD_KEY + "\"";
        } else if (password.indexOf(NO_CHARACTER) >= 0) {
            problem = "spec.auth.secretName: the password in the Secret " + name + " is not UTF-8";
        } else if (withoutLineEnd(password).lines().count() > 1) {
            problem = "spec.auth.secretName: the password in the Secret " + name + " has a line break in it";
        } else {
            problem = "";
            found = password;
        }
    }

    /** Made again after somebody deleted it, it keeps the password that the running nodes have. */
    private Secret make(GroupModel model) {
        byte[] random = new byte[24];
        RANDOM.nextBytes(random);
        String password = ring.passwords().isEmpty() ? HexFormat.of().formatHex(random) : ring.newest();
        try {
            return client.resource(PasswordSecrets.auth(model, password)).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409) {
                throw e;
            }
            return read(model, model.secretName());
        }
    }

    private Secret read(GroupModel model, String name) {
        return client.secrets().inNamespace(model.namespace()).withName(name).get();
    }

    /** A node of an earlier version was given the Secret's text with its line end. */
    private List<String> toTry() {
        List<String> all = new ArrayList<>(ring.passwords());
        if (found != null && !all.contains(found)) {
            all.add(found);
        }
        return List.copyOf(all);
    }

    /** A file that was made into a Secret ends with a line end as a rule, which nobody means. */
    static String withoutLineEnd(String text) {
        return text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
