package dev.redisreplication.operator.group;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.act.Notes;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.decide.Policy;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.FakeNode;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeLink;
import dev.redisreplication.operator.observe.NodeLoop;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.status.StatusDraft;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real group on a real loop with nodes of tests. It decides what the test says, once, and else nothing; leases are renewed. */
final class Harness implements AutoCloseable {

    static final LeaseGrant GRANT = new LeaseGrant(1000, 2);

    final List<String> journal = new CopyOnWriteArrayList<>();
    final RecordedCluster cluster = new RecordedCluster(journal::add);
    final Map<String, FakeNode> nodes = new LinkedHashMap<>();
    final Map<String, PodView> pods = new LinkedHashMap<>();
    final AtomicInteger changes = new AtomicInteger();
    final NodeLoop loop = new NodeLoop(Clock.MONOTONIC);
    final InFlight inFlight = new InFlight();
    final Group group;
    volatile boolean leading = true;
    volatile List<String> passwords = List.of("secret");
    private final Queue<List<Decision>> next = new ConcurrentLinkedQueue<>();
    private volatile int decided;

    Harness(int members) throws IOException {
        int port = 0;
        for (int i = 0; i < members; i++) {
            FakeNode node = new FakeNode("127.0.0." + (i + 1), port, journal::add);
            port = node.port();
            nodes.put("g-" + i, node);
            pods.put("g-" + i, pod("u" + i, node));
        }
        Leadership leadership = new Leadership() {
            @Override
            public boolean leading() {
                return leading;
            }

            @Override
            public long since() {
                return 0;
            }
        };
        Policy policy = new Policy() {
            @Override
            public List<Decision> decide(GroupView view) {
                List<Decision> now = next.poll();
                decided++;
                return now == null ? List.of(new Decision.Nothing(Situation.Healthy, "")) : now;
            }

            @Override
            public Optional<Heartbeat.Renew> renew(GroupView view) {
                return Heartbeat.renew(view);
            }
        };
        group = new Group(
                "g",
                "shop/g",
                port,
                new SpecView(members, 1000, false),
                () -> passwords,
                new Group.Ports(
                        Clock.MONOTONIC,
                        InstantSource.system(),
                        leadership,
                        loop,
                        (host, at, known, closed) -> NodeLink.open(loop, host, at, known, closed),
                        cluster,
                        inFlight),
                policy,
                new Group.Listener() {
                    @Override
                    public void changed() {
                        changes.incrementAndGet();
                    }

                    @Override
                    public void failedOver(String reason, long millis) {
                        journal.add("done");
                    }
                });
        show(members, 1000);
    }

    static PodView pod(String uid, FakeNode node) {
        return new PodView(uid, 0, true, false, node.address(), RoleLabel.ABSENT, "");
    }

    /** Shows the spec, the status and the pods. */
    void show(int replicas, long leaseMs) {
        group.seen(new SpecView(replicas, leaseMs, false), cluster.stored(), Map.copyOf(pods));
    }

    /** From now on the status is written, too. */
    void report() {
        group.noted(new Notes(1, "", "", "", "g-auth", false));
    }

    /** Somebody writes the status. */
    void status(long term, String master) {
        RedisReplicationGroupStatus now = StatusDraft.of(cluster.status)
                .term(term)
                .master(master, null)
                .lease(GRANT)
                .build();
        group.seen(cluster.edit(now));
    }

    /** Has the group decide that, and waits until it has begun to carry it out. */
    void act(Decision... decisions) throws Exception {
        next.add(List.of(decisions));
        group.seen(Map.copyOf(pods));
        while (!next.isEmpty()) {
            Thread.sleep(1);
        }
        settle();
    }

    /** Waits until the loop has handled all that was posted. */
    void settle() throws Exception {
        group.ask(members -> "").get(30, TimeUnit.SECONDS);
        int before = decided;
        group.seen(Map.copyOf(pods));
        while (decided == before) {
            Thread.sleep(1);
        }
        group.ask(members -> "").get(30, TimeUnit.SECONDS);
    }

    MemberView member(String name) {
        return group.shown().member(name).orElseThrow();
    }

    boolean allAnswered() {
        return group.shown().members().stream().allMatch(member -> member.facts() != null);
    }

    @Override
    public void close() throws IOException {
        group.close();
        loop.close();
        for (FakeNode node : nodes.values()) {
            node.close();
        }
    }
}
