package dev.redisreplication.operator.metrics;

import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberView;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Meters of all groups. A deleted group's meters are removed. */
@Singleton
public class GroupMetrics {

    private final MeterRegistry registry;
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();
    private final Map<String, Map<String, List<Meter>>> members = new ConcurrentHashMap<>();

    GroupMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Begins to publish a group's figures.
     *
     * @param watch what was seen last; from any thread
     */
    public void add(ObjectMeta group, Supplier<GroupView> watch) {
        Tags tags = tags(group);
        gauge(group, "redis_replication_term", "Number of the current term", tags, watch, view -> view.status()
                .term());
        gauge(
                group,
                "redis_replication_members_serving",
                "Master and replicas whose link is up",
                tags,
                watch,
                GroupMetrics::serving);
    }

    /** Publishes the members that there are, and no others. */
    public void members(ObjectMeta group, Supplier<GroupView> watch) {
        Map<String, List<Meter>> known = members.computeIfAbsent(key(group), key -> new ConcurrentHashMap<>());
        List<String> now = watch.get().members().stream().map(MemberView::name).toList();
        known.entrySet().removeIf(entry -> {
            boolean gone = !now.contains(entry.getKey());
            if (gone) {
                entry.getValue().forEach(registry::remove);
            }
            return gone;
        });
        for (String member : now) {
            known.computeIfAbsent(member, name -> member(group, watch, name));
        }
    }

    private List<Meter> member(ObjectMeta group, Supplier<GroupView> watch, String name) {
        Tags tags = tags(group).and("member", name);
        List<Meter> created = new ArrayList<>();
        created.add(register(
                "redis_replication_member_offset_bytes",
                "Replication stream that the member has",
                tags,
                watch,
                view -> of(view, name, member -> (double) member.facts().offset())));
        created.add(register(
                "redis_replication_member_lag_bytes",
                "Bytes by which a replica is behind the master",
                tags,
                watch,
                view -> lag(view, name)));
        created.add(register(
                "redis_replication_member_is_master",
                "1 for the master, 0 for others",
                tags,
                watch,
                view -> of(view, name, member -> member.facts().role() == ManagedRole.MASTER ? 1.0 : 0.0)));
        created.add(register(
                "redis_replication_member_up",
                "1 while the node answers the operator",
                tags,
                watch,
                view -> view.member(name)
                        .map(member -> member.link() == Link.OK ? 1.0 : 0.0)
                        .orElse(0.0)));
        created.add(register(
                "redis_replication_member_storage_error",
                "1 while the member cannot keep data",
                tags,
                watch,
                view -> of(view, name, member -> member.facts().keepsData() ? 0.0 : 1.0)));
        return created;
    }

    private static double lag(GroupView view, String name) {
        return of(view, name, member -> view.members().stream()
                .filter(other -> answers(other) && other.facts().role() == ManagedRole.MASTER)
                .findFirst()
                .map(master -> (double)
                        Math.max(0, master.facts().offset() - member.facts().offset()))
                .orElse(Double.NaN));
    }

    private static double of(GroupView view, String name, Function<MemberView, Double> figure) {
        return view.member(name).filter(GroupMetrics::answers).map(figure).orElse(Double.NaN);
    }

    private static boolean answers(MemberView member) {
        return member.link() == Link.OK && member.facts() != null;
    }

    private static double serving(GroupView view) {
        return view.members().stream()
                .filter(GroupMetrics::answers)
                .filter(member -> member.facts().role() == ManagedRole.MASTER
                        || (member.facts().role() == ManagedRole.REPLICA
                                && member.facts().linkUp()))
                .count();
    }

    /** Counts a finished failover. */
    public void failedOver(ObjectMeta group, String reason, long millis) {
        Counter counter = Counter.builder("redis_replication_failovers")
                .description("Finished failovers")
                .tags(tags(group).and("reason", reason))
                .register(registry);
        counter.increment();
        Timer timer = Timer.builder("redis_replication_failover")
                .description("From the first sign of trouble until the Services lead to the new master")
                .tags(tags(group))
                .publishPercentileHistogram(false)
                .register(registry);
        timer.record(Duration.ofMillis(millis));
        remember(group, counter);
        remember(group, timer);
    }

    /** Counts a reconciliation that could not do its work. */
    public void reconcileError(ObjectMeta group) {
        Counter counter = Counter.builder("redis_replication_reconcile_errors")
                .description("Reconciliations in which objects could not be applied")
                .tags(tags(group))
                .register(registry);
        counter.increment();
        remember(group, counter);
    }

    /** Removes all meters of a group. */
    public void remove(String namespace, String name) {
        String key = namespace + "/" + name;
        List<Meter> own = meters.remove(key);
        if (own != null) {
            own.forEach(registry::remove);
        }
        Map<String, List<Meter>> ofMembers = members.remove(key);
        if (ofMembers != null) {
            ofMembers.values().forEach(list -> list.forEach(registry::remove));
        }
    }

    private void gauge(
            ObjectMeta group,
            String name,
            String description,
            Tags tags,
            Supplier<GroupView> watch,
            ToDoubleFunction<GroupView> figure) {
        remember(group, register(name, description, tags, watch, figure));
    }

    private Gauge register(
            String name, String description, Tags tags, Supplier<GroupView> watch, ToDoubleFunction<GroupView> figure) {
        return Gauge.builder(name, watch, source -> figure.applyAsDouble(source.get()))
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void remember(ObjectMeta group, Meter meter) {
        List<Meter> known =
                meters.computeIfAbsent(key(group), key -> new java.util.concurrent.CopyOnWriteArrayList<>());
        if (!known.contains(meter)) {
            known.add(meter);
        }
    }

    private static String key(ObjectMeta group) {
        return group.getNamespace() + "/" + group.getName();
    }

    private static Tags tags(ObjectMeta group) {
        return Tags.of("namespace", group.getNamespace(), "group", group.getName());
    }
}
