package dev.redisreplication.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.StatusView;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupMetricsTest {

    private static final ObjectMeta GROUP =
            new ObjectMetaBuilder().withNamespace("shop").withName("orders").build();

    /** Members that were never seen. */
    private static GroupView view(int replicas) {
        List<MemberView> members = IntStream.range(0, replicas)
                .mapToObj(i -> new MemberView("orders-" + i, i, null, Link.NONE, null, 0, 0))
                .toList();
        StatusView status = new StatusView(0, "", "", History.UNKNOWN, null);
        LeaseView lease = new LeaseView(0, LeaseView.Gone.NOBODY, null, 0);
        return new GroupView(
                0,
                0,
                true,
                new SpecView(replicas, 1000, false),
                status,
                members,
                true,
                null,
                null,
                0,
                lease,
                MovesView.NONE);
    }

    @Test
    void aDeletedGroupLeavesNoMeter() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        GroupMetrics metrics = new GroupMetrics(registry);
        AtomicReference<GroupView> shown = new AtomicReference<>(view(3));
        metrics.add(GROUP, shown::get);
        metrics.members(GROUP, shown::get);
        metrics.failedOver(GROUP, "MasterDead", 250);
        metrics.failedOver(GROUP, "MasterDead", 350);
        metrics.reconcileError(GROUP);

        assertThat(registry.get("redis_replication_member_up")
                        .tag("member", "orders-2")
                        .gauge()
                        .value())
                .isZero();
        assertThat(registry.get("redis_replication_member_offset_bytes")
                        .tag("member", "orders-0")
                        .gauge()
                        .value())
                .as("nothing is known of it")
                .isNaN();
        assertThat(registry.get("redis_replication_failovers")
                        .tag("reason", "MasterDead")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("redis_replication_failover").timer().count()).isEqualTo(2);

        shown.set(view(1));
        metrics.members(GROUP, shown::get);
        assertThat(registry.find("redis_replication_member_up")
                        .tag("member", "orders-2")
                        .gauge())
                .isNull();
        metrics.remove("shop", "orders");
        assertThat(registry.getMeters()).isEmpty();
    }
}
