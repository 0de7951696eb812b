package dev.redisreplication.operator.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Makes one group's objects what they shall be, by server-side apply, and only when they are not: when somebody changed a field
 * that was wanted, or what is wanted has changed since it was applied. One thread at a time.
 */
public final class ResourceApplier {

    private record Checked(HasMetadata desired, String resourceVersion) {}

    private static final Logger LOG = Logger.getLogger(ResourceApplier.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Labels.OPERATOR)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Map<String, Checked> fine = new HashMap<>();

    public ResourceApplier(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Applies those that differ.
     *
     * @param desired what shall be
     * @param actual finds an object as last seen by the informers
     * @return how many were applied
     */
    public int apply(List<HasMetadata> desired, Function<HasMetadata, Optional<? extends HasMetadata>> actual) {
        int applied = 0;
        for (HasMetadata object : desired) {
            HasMetadata present = actual.apply(object).orElse(null);
            if (!isFine(object, present)) {
                LOG.infof(
                        "%s/%s: applying %s %s",
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getLabels().get(Labels.GROUP),
                        object.getKind(),
                        object.getMetadata().getName());
                client.resource(fingerprinted(object)).patch(APPLY);
                applied++;
            }
        }
        return applied;
    }

    private boolean isFine(HasMetadata desired, HasMetadata present) {
        if (present == null) {
            return false;
        }
        String key = desired.getKind() + "/" + desired.getMetadata().getName();
        Checked last = fine.get(key);
        String version = present.getMetadata().getResourceVersion();
        if (last != null
                && last.resourceVersion().equals(version)
                && last.desired().equals(desired)) {
            return true;
        }
        JsonNode wanted = JSON.valueToTree(fingerprinted(desired));
        if (!Subset.holds(wanted, JSON.valueToTree(present))) {
            return false;
        }
        fine.put(key, new Checked(desired, version));
        return true;
    }

    /** A copy with the fingerprint: a field that is no longer wanted cannot be found by looking for those that are. */
    static HasMetadata fingerprinted(HasMetadata desired) {
        JsonNode tree = JSON.valueToTree(desired);
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(tree.toString().getBytes(StandardCharsets.UTF_8));
            HasMetadata copy = JSON.treeToValue(tree, desired.getClass());
            copy.getMetadata()
                    .setAnnotations(Map.of(Labels.APPLIED, HexFormat.of().formatHex(digest, 0, 8)));
            return copy;
        } catch (NoSuchAlgorithmException | com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
