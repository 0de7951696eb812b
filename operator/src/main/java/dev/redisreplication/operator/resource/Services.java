package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.Map;

/** The three Services of a group. */
public final class Services {

    private Services() {}

    /** Headless: gives each pod its DNS name, also while it is not ready. */
    public static Service nodes(GroupModel model) {
        return new ServiceBuilder(service(model, model.nodesService(), Labels.selector(model.name())))
                .editSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .endSpec()
                .build();
    }

    /** Leads to the master. */
    public static Service readWrite(GroupModel model) {
        return service(model, model.name() + "-rw", Labels.selector(model.name(), Labels.MASTER));
    }

    /** Leads to the replicas. */
    public static Service readOnly(GroupModel model) {
        return service(model, model.name() + "-ro", Labels.selector(model.name(), Labels.REPLICA));
    }

    private static Service service(GroupModel model, String name, Map<String, String> selector) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(model.namespace())
                .withLabels(Labels.of(model.name()))
                .withOwnerReferences(model.owner())
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withSessionAffinity("None")
                .withInternalTrafficPolicy("Cluster")
                .withSelector(selector)
                .withPorts(port())
                .endSpec()
                .build();
    }

    private static ServicePort port() {
        return new ServicePortBuilder()
                .withName("redis")
                .withPort(GroupModel.REDIS_PORT)
                .withTargetPort(new IntOrString("redis"))
                .withProtocol("TCP")
                .build();
    }
}
