package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.act.Cluster.Stored;
import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.act.Notes;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.decide.Policy;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.SpecView;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One operator process: the real loop of a group behind ports of this world. Its informers and its leader's lease are modelled. */
final class SimOperator extends Actor {
    final Group group;
    private final Api api;
    private final Leadership leadership;
    private final dev.redisreplication.operator.group.Group loop;
    private final Map<String, PodView> pods = new TreeMap<>();
    private Stored stored;
    private boolean listed;
    private long lastWatch;
    /** How many actions until this process dies, for crashes at any step; negative for never. */
    int actionsToLive = -1;

    SimOperator(Group group, String name, int zone, boolean elected) {
        super(group.world, name, zone);
        this.group = group;
        this.api = group.api;
        leadership = new Leadership(this, api, elected, this::show);
        loop = new dev.redisreplication.operator.group.Group(
                "g",
                name,
                6379,
                spec(),
                List::of,
                new dev.redisreplication.operator.group.Group.Ports(
                        this::ms,
                        () -> Instant.ofEpochMilli(world.wallMs()),
                        leadership,
                        new SimMailbox(this),
                        (host, port, passwords, closed) -> new SimLine(this, host, closed),
                        new SimCluster(this, api),
                        new InFlight()),
                new Watched(),
                new dev.redisreplication.operator.group.Group.Listener() {
                    @Override
                    public void changed() {
                        // Objects are not part of this world.
                    }

                    @Override
                    public void failedOver(String reason, long millis) {
                        world.trace(() -> SimOperator.this.name + " " + reason + " took " + millis + " ms");
                    }
                });
        loop.noted(new Notes(1, "", "", "", "auth", false));
        api.watchers.add(this);
        api.call(this, () -> api.status, this::listed, this::die);
        leadership.start();
    }

    void die() {
        if (alive) {
            alive = false;
            world.trace(() -> name + " ends");
            api.watchers.remove(this);
            world.closeAll(this);
            group.operatorEnded(this);
        }
    }

    /** As on SIGTERM. What it has sent may still be on its way, which the real one at least tries to wait for. */
    void endCleanly() {
        if (alive && leadership.isElected()) {
            die();
            leadership.release();
        }
    }

    /**
     * It is about to do something that others see.
     *
     * @return whether it lives to do it
     */
    boolean acts(String what) {
        if (alive && actionsToLive == 0) {
            world.trace(() -> name + " dies before " + what);
            die();
        }
        if (alive) {
            world.trace(() -> name + " " + what);
            actionsToLive = Math.max(-1, actionsToLive - 1);
            leadership.mustBeOurs(what);
        }
        return alive;
    }

    // --- informers

    private void listed(Api.Status first) {
        group.endForgottenVoters();
        for (int i = 0; i < api.pods.length; i++) {
            put(i, api.pods[i]);
        }
        listed = true;
        statusSeen(first);
    }

    /** Which of this process' observers shows it, and when, is a matter of chance; their order is not. */
    void watched(Runnable event) {
        long at = Math.max(lastWatch + 1, world.now + api.watchDelay());
        lastWatch = at;
        world.at(at, () -> {
            if (world.blocked(World.API, zone)) {
                // The watch breaks; the process ends, as one that cannot renew its lease does.
                exec(this::die);
            } else {
                exec(event);
            }
        });
    }

    void statusSeen(Api.Status seen) {
        Stored now = seen.stored();
        if (stored == null || now.isNewerThan(stored)) {
            stored = now;
        }
        show();
    }

    void podSeen(int ordinal, PodView pod) {
        put(ordinal, pod);
        show();
    }

    void specSeen() {
        show();
    }

    private void put(int ordinal, PodView pod) {
        if (pod == null) {
            pods.remove(World.NAMES[ordinal]);
        } else {
            pods.put(World.NAMES[ordinal], pod);
        }
    }

    private SpecView spec() {
        return new SpecView(group.replicas, group.leaseMs, group.appendOnly, group.wishes);
    }

    /** Whoever does not lead sees to no group. */
    private void show() {
        if (listed && leadership.leading()) {
            loop.seen(spec(), stored, Collections.unmodifiableMap(new TreeMap<>(pods)));
        }
    }

    // --- nodes

    @Override
    void message(Conn conn, Object message) {
        ((SimLine) conn.tag).replied(message);
    }

    @Override
    void closed(Conn conn) {
        if (conn.tag != null) {
            ((SimLine) conn.tag).lost();
        }
    }

    static int ordinalOf(String name) {
        return name.charAt(name.length() - 1) - '0';
    }

    // --- decisions

    /** Tells the checks what a promotion was decided from. */
    private final class Watched implements Policy {
        @Override
        public List<Decision> decide(GroupView view) {
            List<Decision> decisions = group.policy.decide(view);
            for (Decision decision : decisions) {
                if (decision instanceof Decision.Nothing || decision instanceof Decision.Wait) {
                    group.lastWord = decision;
                } else if (decision instanceof Decision.Promote promote) {
                    promoting(view, promote);
                }
            }
            return decisions;
        }

        @Override
        public Optional<Heartbeat.Renew> renew(GroupView view) {
            return group.policy.renew(view);
        }
    }

    private void promoting(GroupView view, Decision.Promote promote) {
        Set<String> considered = new HashSet<>();
        Set<String> denied = new HashSet<>();
        boolean live = false;
        for (MemberView m : view.members()) {
            if (m.link() == Link.DENIED) {
                denied.add(m.name());
            }
            FenceView fence = view.transition() == null
                    ? null
                    : view.transition().fences().get(m.name());
            if (fence != null
                    && m.facts() != null
                    && m.link() == Link.OK
                    && fence.runId().equals(m.facts().runId())
                    && view.now() - m.askedAt() <= view.spec().leaseMs()) {
                considered.add(m.name());
                live |= fence.synced();
                // Whose answer is older may have been passed over with reason.
                if (view.now() - m.askedAt() < view.spec().leaseMs() / 2) {
                    considered.add(fence.runId());
                }
            }
        }
        world.checks.decided(promote.term(), considered, denied, view.spec().replicas(), live);
    }
}
