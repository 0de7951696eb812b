package dev.redisreplication.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.GroupWatch;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.NodeLoop;
import dev.redisreplication.operator.observe.SpecView;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupMetricsTest {

    private static final ObjectMeta GROUP =
            new ObjectMetaBuilder().withNamespace("shop").withName("orders").build();

    private static final Leadership LEADING = new Leadership() {
        @Override
        public boolean leading() {
            return true;
        }

        @Override
        public long since() {
            return 0;
        }
    };

    @Test
    void aDeletedGroupLeavesNoMeter() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        GroupMetrics metrics = new GroupMetrics(registry);
        try (NodeLoop loop = new NodeLoop(Clock.MONOTONIC);
                GroupWatch watch = new GroupWatch(
                        "orders",
                        1,
                        new SpecView(3, 1000, false),
                        () -> List.of(),
                        Clock.MONOTONIC,
                        LEADING,
                        loop,
                        Heartbeat::renew,
                        () -> {})) {
            watch.pods(Map.of());
            metrics.add(GROUP, watch);
            metrics.members(GROUP, watch);
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
            assertThat(registry.get("redis_replication_failover").timer().count())
                    .isEqualTo(2);

            watch.spec(new SpecView(1, 1000, false));
            metrics.members(GROUP, watch);
            assertThat(registry.find("redis_replication_member_up")
                            .tag("member", "orders-2")
                            .gauge())
                    .isNull();
        }
        metrics.remove("shop", "orders");
        assertThat(registry.getMeters()).isEmpty();
    }
}
