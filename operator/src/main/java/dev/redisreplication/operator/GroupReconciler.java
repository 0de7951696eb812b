package dev.redisreplication.operator;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.group.Group;
import dev.redisreplication.operator.metrics.GroupMetrics;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.NodeLoop;
import dev.redisreplication.operator.resource.ConfigCheck;
import dev.redisreplication.operator.resource.Desired;
import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.Labels;
import dev.redisreplication.operator.resource.PasswordRing;
import dev.redisreplication.operator.resource.PasswordSecrets;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Posts to a group's loop what is seen of its resource and its pods, and sees to its Kubernetes objects.
 *
 * <p>There is no finalizer: owner references let Kubernetes remove what belongs to a group, and the volume claims shall stay.
 */
@Singleton
@ControllerConfiguration(
        name = "group",
        // Annotations count, too, and do not change the generation.
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = WantedChange.class),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.SECONDS))
public class GroupReconciler implements Reconciler<RedisReplicationGroup> {

    private static final Logger LOG = Logger.getLogger(GroupReconciler.class);
    private static final List<Class<? extends HasMetadata>> OWNED =
            List.of(StatefulSet.class, Service.class, Secret.class, ServiceAccount.class, PodDisruptionBudget.class);

    private final KubernetesClient client;
    private final OperatorSettings settings;
    private final LeaderGuard leadership;
    private final GroupMetrics metrics;
    private final NodeLoop nodes;
    private final InFlight inFlight;
    private final Clock clock = Clock.MONOTONIC;
    private final Map<ResourceID, ManagedGroup> groups = new ConcurrentHashMap<>();
    private final GroupEvents events = new GroupEvents(this::deleted);

    GroupReconciler(
            KubernetesClient client,
            OperatorSettings settings,
            LeaderGuard leadership,
            GroupMetrics metrics,
            NodeLoop nodes,
            InFlight inFlight) {
        this.client = client;
        this.settings = settings;
        this.leadership = leadership;
        this.metrics = metrics;
        this.nodes = nodes;
        this.inFlight = inFlight;
    }

    @Override
    public List<EventSource<?, RedisReplicationGroup>> prepareEventSources(
            EventSourceContext<RedisReplicationGroup> context) {
        List<EventSource<?, RedisReplicationGroup>> sources = new ArrayList<>();
        for (Class<? extends HasMetadata> type : OWNED) {
            sources.add(informer(type, Labels.MANAGED_BY + "=" + Labels.OPERATOR, context));
        }
        sources.add(informer(Pod.class, Labels.GROUP, context));
        sources.add(events);
        return sources;
    }

    private static <R extends HasMetadata> EventSource<R, RedisReplicationGroup> informer(
            Class<R> type, String selector, EventSourceContext<RedisReplicationGroup> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, RedisReplicationGroup.class)
                        .withLabelSelector(selector)
                        .withSecondaryToPrimaryMapper(GroupReconciler::groupOf)
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
    }

    private static Set<ResourceID> groupOf(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String group = labels == null ? null : labels.get(Labels.GROUP);
        return group == null
                ? Set.of()
                : Set.of(new ResourceID(group, object.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<RedisReplicationGroup> reconcile(
            RedisReplicationGroup resource, Context<RedisReplicationGroup> context) {
        if (resource.getMetadata().getDeletionTimestamp() != null || !inFlight.enter()) {
            return UpdateControl.noUpdate();
        }
        try {
            return actOn(resource, context);
        } finally {
            inFlight.leave();
        }
    }

    private UpdateControl<RedisReplicationGroup> actOn(
            RedisReplicationGroup resource, Context<RedisReplicationGroup> context) {
        ManagedGroup group = managed(resource);
        // Nodes are asked as soon as there are pods, so the passwords have to be known before.
        boolean hasPasswords = !group.passwords().known().isEmpty();
        if (hasPasswords) {
            group.observe(resource, context.getSecondaryResources(Pod.class));
        }
        Problem problem = attempt(resource, () -> {
            group.lookAtPasswords(
                    GroupModel.of(resource, settings.nodeImage()), context.getSecondaryResources(Secret.class));
            return Problem.NONE;
        });
        if (!hasPasswords) {
            group.observe(resource, context.getSecondaryResources(Pod.class));
        }
        // Of the newest status: who has to be kept when the group gets smaller may just have changed.
        RedisReplicationGroup newest = group.resource();
        GroupModel model = GroupModel.of(newest, settings.nodeImage());
        boolean hasTime = group.hasTime();
        if (hasTime) {
            Problem applied = attempt(resource, () -> apply(model, group, context));
            problem = problem.equals(Problem.NONE) ? applied : problem;
        }
        if (hasTime && problem.equals(Problem.NONE)) {
            StatefulSet set = context.getSecondaryResource(StatefulSet.class).orElse(null);
            group.recovery().recover(model, group.shown(), set, context.getSecondaryResources(Pod.class));
        }
        metrics.members(resource.getMetadata(), group::shown);
        group.note(model, newest.getMetadata().getGeneration(), problem.reason(), problem.message());
        return UpdateControl.<RedisReplicationGroup>noUpdate().rescheduleAfter(group.againIn());
    }

    private ManagedGroup managed(RedisReplicationGroup resource) {
        ResourceID id = ResourceID.fromResource(resource);
        ManagedGroup known = groups.get(id);
        if (known != null && known.uid().equals(resource.getMetadata().getUid())) {
            return known;
        }
        if (known != null) {
            deleted(id);
        }
        ManagedGroup fresh = new ManagedGroup(
                resource, settings.nodePort(), client, clock, leadership, nodes, inFlight, new Group.Listener() {
                    @Override
                    public void changed() {
                        events.wake(id);
                    }

                    @Override
                    public void failedOver(String reason, long millis) {
                        metrics.failedOver(resource.getMetadata(), reason, millis);
                    }
                });
        groups.put(id, fresh);
        metrics.add(resource.getMetadata(), fresh::shown);
        return fresh;
    }

    /** Why the spec cannot be carried out: in one word, and in a sentence. */
    private record Problem(String reason, String message) {
        static final Problem NONE = new Problem("", "");
    }

    private Problem attempt(RedisReplicationGroup resource, Supplier<Problem> step) {
        try {
            return step.get();
        } catch (KubernetesClientException e) {
            metrics.reconcileError(resource.getMetadata());
            String message = String.valueOf(e.getMessage());
            LOG.warnf(
                    "%s/%s: objects could not be applied: %s",
                    resource.getMetadata().getNamespace(),
                    resource.getMetadata().getName(),
                    message);
            return new Problem("ApplyFailed", message);
        }
    }

    /** The passwords first: pods mount them. Of a spec that the nodes would not start with nothing else is applied. */
    private static Problem apply(GroupModel model, ManagedGroup group, Context<RedisReplicationGroup> context) {
        Function<HasMetadata, Optional<? extends HasMetadata>> present = wanted -> find(wanted, context);
        PasswordRing ring = group.passwords().ring();
        if (!ring.passwords().isEmpty()) {
            group.applier().apply(List.of(PasswordSecrets.ring(model, ring)), present);
        }
        String invalid = ConfigCheck.problem(model);
        if (!invalid.isEmpty()) {
            return new Problem("ConfigInvalid", invalid);
        }
        group.applier().apply(Desired.of(model), present);
        String missing = group.passwords().problem();
        return missing.isEmpty() ? Problem.NONE : new Problem("SecretMissing", missing);
    }

    private static Optional<? extends HasMetadata> find(HasMetadata wanted, Context<RedisReplicationGroup> context) {
        return context.getSecondaryResources(wanted.getClass()).stream()
                .filter(present -> present.getMetadata()
                        .getName()
                        .equals(wanted.getMetadata().getName()))
                .findFirst();
    }

    private void deleted(ResourceID id) {
        ManagedGroup gone = groups.remove(id);
        if (gone != null) {
            gone.close();
            metrics.remove(id.getNamespace().orElse(""), id.getName());
            LOG.infof("%s/%s: deleted", id.getNamespace().orElse(""), id.getName());
        }
    }
}
