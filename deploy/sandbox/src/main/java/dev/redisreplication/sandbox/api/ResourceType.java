package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.schema.Schema;
import java.util.List;

/**
 * A kind of resource that is served.
 *
 * @param group empty for the core group
 * @param namespaced whether its objects live in a namespace
 * @param statusSubresource whether {@code status} is written through a path of its own
 * @param scale the paths of the scale subresource as a CRD gives them, or null
 * @param schema what its objects look like
 * @param columns the columns of {@code kubectl get} as a CRD gives them; null for built-in kinds
 */
public record ResourceType(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        List<String> shortNames,
        boolean namespaced,
        boolean statusSubresource,
        JsonNode scale,
        Schema schema,
        JsonNode columns) {

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code pods} or {@code statefulsets.apps}. */
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** Whether it comes from a CustomResourceDefinition. */
    public boolean custom() {
        return columns != null;
    }

    /** Whether {@code metadata.generation} counts changes of its spec. */
    boolean hasGeneration() {
        return custom() || kind.equals("StatefulSet") || kind.equals("PodDisruptionBudget");
    }

    /** Two versions of one kind are one store; identity leaves the version and the schema out. */
    String storageKey() {
        return qualified();
    }
}
