package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Suspects;
import dev.redisreplication.operator.observe.Wishes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.provider.Arguments;

/** Builds views for tests: a healthy group of three in term 5 led by a-0, from which each test takes away something. */
final class Views {
    static final long NOW = 100_000;
    static final long LEASE = 1000;
    static final History GROUP = new History("now", "before", 500);
    static final LeaseGrant GRANT = new LeaseGrant(LEASE, 2);

    /** A member to be changed. */
    static final class M {
        final String name;
        final int ordinal;
        String uid;
        long endedBefore;
        boolean deleting;
        boolean pod = true;
        String ip;
        RoleLabel label = RoleLabel.REPLICA;
        Link link = Link.OK;
        ManagedRole role = ManagedRole.REPLICA;
        long term = 5;
        History history = GROUP;
        long offset = 1000;
        String runId;
        long startedAt = 50_000;
        String masterHost = "ip-0";
        boolean linkUp = true;
        long silentMs = 10;
        boolean syncing;
        boolean loading;
        boolean handingOver;
        long yieldsForMs;
        String denial = "";
        String storageError = "";
        boolean answered = true;
        long answeredAt = NOW - 20;

        M(int ordinal) {
            this.ordinal = ordinal;
            name = "a-" + ordinal;
            uid = "uid-" + ordinal;
            ip = "ip-" + ordinal;
            runId = "run-" + ordinal;
        }

        M role(ManagedRole now, long ofTerm) {
            role = now;
            term = ofTerm;
            return this;
        }

        M none() {
            linkUp = false;
            masterHost = "";
            return role(ManagedRole.NONE, term);
        }

        M cutOff() {
            linkUp = false;
            silentMs = -1;
            return this;
        }

        M forbidding(long since) {
            denial = "NOPERM this user has no permissions to run the 'info' command";
            return unreachable(Link.DENIED, since);
        }

        M unreachable(Link how, long since) {
            link = how;
            answeredAt = since;
            return this;
        }

        MemberView view() {
            PodView podView = pod ? new PodView(uid, endedBefore, true, deleting, ip, label, "") : null;
            NodeFacts facts = new NodeFacts(
                    role,
                    term,
                    history,
                    offset,
                    runId,
                    startedAt,
                    masterHost,
                    linkUp,
                    silentMs,
                    syncing,
                    loading,
                    0,
                    0,
                    handingOver || yieldsForMs > 0,
                    storageError,
                    7,
                    yieldsForMs);
            return new MemberView(
                    name,
                    ordinal,
                    podView,
                    link,
                    answered ? facts : null,
                    answeredAt - 1,
                    answered ? answeredAt : 0,
                    denial);
        }
    }

    /** One row of a table of cases: what is taken away from the healthy group, and what is expected then. */
    static Arguments row(String what, Consumer<Views> change, Object expected) {
        return Arguments.of(what, change, expected);
    }

    final List<M> members = new ArrayList<>();
    int replicas = 3;
    boolean leader = true;
    boolean podsKnown = true;
    boolean persistent = true;
    long steadySince;
    StatusView status = new StatusView(5, "a-0", "", GROUP, GRANT);
    TransitionView transition;
    MasterProcess master = new MasterProcess("a-0", 5, "uid-0", 50_000, "run-0", GROUP, 1000, false, false);
    int ghosts;
    LeaseView lease = lease(0, FenceView.NEVER, "");
    Wishes wishes = Wishes.NONE;
    MovesView moves = MovesView.NONE;

    Views() {
        for (int i = 0; i < 3; i++) {
            members.add(new M(i));
        }
        m(0).role(ManagedRole.MASTER, 5).label = RoleLabel.MASTER;
        m(0).masterHost = "";
    }

    M m(int ordinal) {
        return members.get(ordinal);
    }

    /** A failover to term 6 by this process, begun a moment ago, with nobody fenced yet. */
    Views changing(Suspects suspects) {
        status = new StatusView(6, "", "", GROUP, GRANT);
        transition = new TransitionView(6, "a-0", suspects, master, NOW - 10, Map.of(), null);
        return this;
    }

    /** These confirmed the fence of the change: role, term and the fence agree with what they were. */
    Views fenced(int... ordinals) {
        for (int ordinal : ordinals) {
            M m = m(ordinal);
            ManagedRole before = m.role;
            m.role(ManagedRole.FENCED, 6);
            m.linkUp = false;
            transition = transition.fenced(new FenceView(
                    m.name, NOW - 5, NOW - 5, before, before != ManagedRole.NONE, m.runId, m.history, m.offset));
        }
        return this;
    }

    /** Bound of the operator's own renewals, and who went last. */
    static LeaseView lease(long boundAt, long goneAt, String gonePod) {
        return new LeaseView(boundAt, new LeaseView.Gone(goneAt, gonePod, FenceView.NEVER), null, 0);
    }

    /** When that fenced member voted last. */
    Views voted(int ordinal, long at) {
        FenceView f = transition.fences().get("a-" + ordinal);
        transition = transition.fenced(new FenceView(
                f.member(), f.receivedAt(), at, f.roleBefore(), f.synced(), f.runId(), f.history(), f.offset()));
        return this;
    }

    GroupView view() {
        return new GroupView(
                NOW,
                steadySince,
                leader,
                new SpecView(replicas, LEASE, persistent, wishes),
                status,
                members.stream().map(M::view).toList(),
                podsKnown,
                transition,
                master,
                ghosts,
                lease,
                moves);
    }

    List<Decision> decide() {
        return Decider.decide(view());
    }
}
