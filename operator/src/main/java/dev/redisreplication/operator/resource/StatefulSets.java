package dev.redisreplication.operator.resource;

import dev.redisreplication.api.v1alpha1.Storage;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The StatefulSet of a group. Its pods are replaced only when they are deleted: the operator decides about the order. */
public final class StatefulSets {

    private static final String DATA = "data";
    private static final String TMP = "tmp";
    private static final String AUTH = "auth";
    /** The node's group, which the files of a Secret belong to by fsGroup. */
    private static final int GROUP_READS = 0440;

    private static final long USER = 1001;
    private static final long DEFAULT_GRACE = 30;

    private StatefulSets() {}

    /** What shall be. */
    public static StatefulSet desired(GroupModel model) {
        var builder = new StatefulSetBuilder()
                .withNewMetadata()
                .withName(model.name())
                .withNamespace(model.namespace())
                .withLabels(Labels.of(model.name()))
                .withOwnerReferences(model.owner())
                .endMetadata()
                .withNewSpec()
                .withReplicas(model.replicas())
                .withServiceName(model.nodesService())
                .withPodManagementPolicy("Parallel")
                .withRevisionHistoryLimit(10)
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
                .withNewSelector()
                .withMatchLabels(Labels.selector(model.name()))
                .endSelector()
                .withTemplate(template(model));
        if (model.hasClaim()) {
            builder = builder.withVolumeClaimTemplates(
                    claim(model.spec().persistence().storage()));
        }
        return builder.endSpec().build();
    }

    private static PodTemplateSpec template(GroupModel model) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.of(model.name()))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(model.name())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withRestartPolicy("Always")
                .withDnsPolicy("ClusterFirst")
                .withSchedulerName("default-scheduler")
                .withTerminationGracePeriodSeconds(gracePeriod(model))
                .withNodeSelector(
                        model.spec().nodeSelector().isEmpty()
                                ? null
                                : model.spec().nodeSelector())
                .withTolerations(model.spec().tolerations())
                .withAffinity(affinity(model))
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(model))
                .withVolumes(volumes(model))
                .endSpec()
                .build();
    }

    /** A master that was told to end waits for its successor until shutdown-timeout, and may have to save after that. */
    private static long gracePeriod(GroupModel model) {
        String timeout =
                model.spec().config().getOrDefault("shutdown-timeout", "").strip();
        return timeout.matches("\\d{1,9}") ? Math.max(DEFAULT_GRACE, Long.parseLong(timeout) + 20) : DEFAULT_GRACE;
    }

    private static Container container(GroupModel model) {
        return new ContainerBuilder()
                .withName(GroupModel.CONTAINER)
                .withImage(model.image())
                .withImagePullPolicy(pullPolicy(model))
                .withArgs(NodeArguments.of(model))
                .withEnv(podName())
                .withPorts(
                        new ContainerPortBuilder()
                                .withName("redis")
                                .withContainerPort(GroupModel.REDIS_PORT)
                                .withProtocol("TCP")
                                .build(),
                        new ContainerPortBuilder()
                                .withName("health")
                                .withContainerPort(GroupModel.HEALTH_PORT)
                                .withProtocol("TCP")
                                .build())
                .withResources(model.spec().resources())
                .withLivenessProbe(probe("/livez", 10, 6))
                .withReadinessProbe(probe("/readyz", 2, 3))
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(
                        new VolumeMountBuilder()
                                .withName(DATA)
                                .withMountPath("/data")
                                .build(),
                        new VolumeMountBuilder()
                                .withName(TMP)
                                .withMountPath("/tmp")
                                .build(),
                        new VolumeMountBuilder()
                                .withName(AUTH)
                                .withMountPath(NodeArguments.AUTH_PATH)
                                .withReadOnly(true)
                                .build())
                .build();
    }

    /** Kubernetes' own rule, written out. */
    private static String pullPolicy(GroupModel model) {
        if (model.spec().imagePullPolicy() != null) {
            return model.spec().imagePullPolicy().name();
        }
        String image = model.image();
        String last = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
        return latest ? "Always" : "IfNotPresent";
    }

    private static EnvVar podName() {
        return new EnvVarBuilder()
                .withName("POD_NAME")
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.name")
                .endValueFrom()
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(GroupModel.HEALTH_PORT)
                .withScheme("HTTP")
                .endHttpGet()
                .withTimeoutSeconds(5)
                .withPeriodSeconds(periodSeconds)
                .withSuccessThreshold(1)
                .withFailureThreshold(failures)
                .build();
    }

    private static Affinity affinity(GroupModel model) {
        if (model.spec().affinity() != null) {
            return model.spec().affinity();
        }
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector()
                .withMatchLabels(Labels.selector(model.name()))
                .endLabelSelector()
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }

    private static List<Volume> volumes(GroupModel model) {
        List<Volume> volumes = new ArrayList<>();
        if (!model.hasClaim()) {
            volumes.add(emptyDirectory(DATA));
        }
        volumes.add(emptyDirectory(TMP));
        volumes.add(new VolumeBuilder()
                .withName(AUTH)
                .withNewSecret()
                .withSecretName(model.ringName())
                .withDefaultMode(GROUP_READS)
                .endSecret()
                .build());
        return volumes;
    }

    private static Volume emptyDirectory(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    private static PersistentVolumeClaim claim(Storage storage) {
        return new PersistentVolumeClaimBuilder()
                .withApiVersion("v1")
                .withKind("PersistentVolumeClaim")
                .withNewMetadata()
                .withName(DATA)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withVolumeMode("Filesystem")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity(storage.size())))
                .endResources()
                .endSpec()
                .build();
    }
}
