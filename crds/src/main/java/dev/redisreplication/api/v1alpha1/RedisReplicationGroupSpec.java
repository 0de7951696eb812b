package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;

/**
 * What the user wants. Absent fields take the defaults given with each of them; {@code image}, {@code auth}, {@code resources}
 * and {@code affinity} may be null.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "(has(self.persistence) && has(self.persistence.storage))"
                + " == (has(oldSelf.persistence) && has(oldSelf.persistence.storage))",
        message = "spec.persistence.storage: cannot be added or removed later; create a new group instead",
        fieldPath = ".persistence")
public record RedisReplicationGroupSpec(
        @JsonPropertyDescription("Number of pods in all: one master, the others its replicas.")
        @Min(1)
        @Max(9)
        @Default("3")
        @SpecReplicas
        Integer replicas,

        @JsonPropertyDescription("Container image of the node. Absent: the operator's default.")
        @Size(min = 1, max = 1024)
        @Pattern("^[^\\s]+$")
        String image,

        @JsonPropertyDescription(
                "When the kubelet pulls the image. Absent: Always for the tag latest, else IfNotPresent.")
        ImagePullPolicy imagePullPolicy,

        @JsonPropertyDescription(
                "Password of the group. Absent: the operator makes one and keeps it in the Secret <name>-auth.")
        Auth auth,

        @JsonPropertyDescription("Whether and where the nodes keep their data on disk.")
        Persistence persistence,

        @JsonPropertyDescription(
                "Directives of redis.conf, each with its arguments as they would stand in the file, such as"
                        + " maxmemory: 2gb. The directive user may have several lines, one for each user. A change takes effect"
                        + " when a pod is next recreated.")
        @Size(max = 100)
        @ValidationRule(
                value = "self.all(k, k.matches('^[a-z][a-z0-9-]{0,63}$'))",
                message = "spec.config: a directive is written in lower case letters, digits and '-'")
        @ValidationRule(
                // Over the constant list, not over the map: a rule's cost is estimated for the largest map.
                value = "[" + OwnedDirectives.SET_BY_OPERATOR + "].all(d, !(d in self))",
                messageExpression = "'spec.config: " + OwnedDirectives.WHY_SET + ": ' + ["
                        + OwnedDirectives.SET_BY_OPERATOR + "].filter(d, d in self)[0]",
                message = "spec.config: " + OwnedDirectives.WHY_SET)
        @ValidationRule(
                value = "[" + OwnedDirectives.SHUTTING_OUT + "].all(d, !(d in self))",
                messageExpression = "'spec.config: " + OwnedDirectives.WHY_SHUTTING_OUT + ": ' + ["
                        + OwnedDirectives.SHUTTING_OUT + "].filter(d, d in self)[0]",
                message = "spec.config: " + OwnedDirectives.WHY_SHUTTING_OUT)
        @ValidationRule(
                value = "[" + OwnedDirectives.RELIED_ON + "].all(d, !(d in self))",
                messageExpression = "'spec.config: " + OwnedDirectives.WHY_RELIED_ON + ": ' + ["
                        + OwnedDirectives.RELIED_ON + "].filter(d, d in self)[0]",
                message = "spec.config: " + OwnedDirectives.WHY_RELIED_ON)
        @ValidationRule(
                value = "!('user' in self) || !self['user'].matches('(^|\\\\n)\\\\s*[\"\\']?default([\"\\'\\\\s]|$)')",
                message =
                        "spec.config: user default: the operator and the replicas log in as this user, and spec.auth has its"
                                + " password; declare others")
        @ValidationRule(
                value = "self.all(k, !self[k].matches('(^|\\\\s)[\"\\']?--'))",
                message = "spec.config: no argument may start with '--' (it would be read as another directive)")
        Map<String, @Size(max = 4096) String> config,

        @JsonPropertyDescription("CPU and memory of each node's container.")
        ResourceRequirements resources,

        @JsonPropertyDescription("Labels that a Kubernetes node must carry to be given a pod of this group.")
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints that the pods tolerate.")
        List<Toleration> tolerations,

        @JsonPropertyDescription("Where pods may run. Absent: the pods of a group prefer different Kubernetes nodes.")
        Affinity affinity,

        @JsonPropertyDescription("How fast a failure of the master is noticed.")
        Failover failover,

        @JsonPropertyDescription("What the operator may do by itself for a member that cannot get on.")
        Recovery recovery,

        @JsonPropertyDescription(
                "Pod that shall be the master, such as orders-1. Whenever another one is, and this one is in sync, the role moves"
                        + " to it by a switchover, which loses nothing; a failover does not wait for it. Absent: whoever is master stays.")
        @Size(max = 63)
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        String preferredMaster) {

    /** Default of {@code replicas}. */
    public static final int DEFAULT_REPLICAS = 3;

    public RedisReplicationGroupSpec {
        replicas = replicas == null ? DEFAULT_REPLICAS : replicas;
        persistence = persistence == null ? Persistence.NONE : persistence;
        config = config == null ? Map.of() : config;
        nodeSelector = nodeSelector == null ? Map.of() : nodeSelector;
        tolerations = tolerations == null ? List.of() : tolerations;
        failover = failover == null ? new Failover(null) : failover;
        recovery = recovery == null ? new Recovery(null) : recovery;
    }

    /** A spec in which nothing is said: all defaults. */
    public static RedisReplicationGroupSpec defaults() {
        return new RedisReplicationGroupSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
}
