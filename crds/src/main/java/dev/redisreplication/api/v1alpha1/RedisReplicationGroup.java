package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A group of Redis nodes: one master and its replicas, with failover.
 *
 * <p>The user writes the spec; the operator alone writes the status.
 */
@Group(RedisReplicationGroup.GROUP)
@Version(RedisReplicationGroup.VERSION)
@Kind(RedisReplicationGroup.KIND)
@Plural("redisreplicationgroups")
@ShortNames("rrg")
@JsonClassDescription("A group of Redis nodes: one master and its replicas, with failover.")
// The longest name made from the group's is that of a controller revision: name, dash and a hash of 10.
@ValidationRule(
        value = "self.metadata.name.size() <= 50",
        message = "metadata.name: at most 50 characters, so that the names of its pods and Services stay below 63")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name: lower case letters, digits and '-', starting with a letter (it becomes a Service's name)")
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "MASTER", jsonPath = ".status.master", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "OFFSET", jsonPath = ".status.offset", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.ready", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "LAG", jsonPath = ".status.lag", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "TERM", jsonPath = ".status.term", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "AGE",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "MEMBERS",
        jsonPath = ".status.memberSummary",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public class RedisReplicationGroup extends CustomResource<RedisReplicationGroupSpec, RedisReplicationGroupStatus>
        implements Namespaced {

    /** API group. */
    public static final String GROUP = "redis-replication.dev";
    /** API version. */
    public static final String VERSION = "v1alpha1";
    /** Kind. */
    public static final String KIND = "RedisReplicationGroup";

    private static final long serialVersionUID = 1;
}
