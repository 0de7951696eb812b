package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.decide.Decider;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.observe.TransitionView.PromoteView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One operator process: observes, has the brain decide, and acts, as the real one has to. */
final class SimOperator extends Actor {
    private final Group group;
    private final Api api;
    private final Brain brain;
    private final Member[] members = new Member[World.NAMES.length];
    private final Leadership leadership;

    private Api.Status status;
    private boolean podsKnown;
    private long lastWatch;
    private long lastTick = Long.MIN_VALUE;
    private long steadySince;
    private TransitionView transition;
    private MasterProcess master;
    private int ghosts;
    private long boundAt;
    private LeaseView.Gone gone = LeaseView.Gone.NOBODY;
    private LeaseGrant confirmed;
    private long confirmedSince;
    private boolean writing;
    /** How many actions until this process dies, for crashes at any step; negative for never. */
    int actionsToLive = -1;

    /** What is known of a member, and the connection to it. */
    private static final class Member {
        PodView pod;
        Conn conn;
        boolean connecting;
        Link link = Link.NONE;
        NodeFacts facts;
        long askedAt;
        long answeredAt = Long.MIN_VALUE / 2;
        long pendingSince = -1;
        String process = "";
        /** It was there when this operator began, so another may have given it orders. */
        boolean listed;
        /** It was told to follow a master. */
        boolean attachSent;

        LeaseGrant renewing;
        long fenceSentAt = Long.MIN_VALUE / 2;
    }

    SimOperator(Group group, String name, int zone, boolean elected) {
        super(group.world, name, zone);
        this.group = group;
        this.api = group.api;
        this.brain = group.brain;
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
        leadership = elected ? new Leadership(this, api, this::led) : null;
        api.watchers.add(this);
        api.call(this, () -> api.status, this::listed, this::die);
        if (leadership != null) {
            leadership.start();
        }
        later(1_000, this::tick);
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
        if (alive && leadership != null) {
            die();
            leadership.release();
        }
    }

    // --- the API server's side

    private void listed(Api.Status first) {
        group.endForgottenVoters();
        statusSeen(first);
        for (int i = 0; i < members.length; i++) {
            podSeen(i, api.pods[i]);
            members[i].listed = true;
        }
        podsKnown = true;
        led();
    }

    /** Leads from now on (or status has just come to be known). */
    private void led() {
        steadySince = ms();
        gone = gone.and("", steadySince);
        if (status != null) {
            LeaseGrant grant = status.grant();
            boundAt = Math.max(boundAt, ms() + (grant == null ? group.leaseMs : grant.ttlMs()));
        }
    }

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
        if (status == null || seen.version() > status.version()) {
            status = seen;
            if (transition != null && transition.term() != seen.term()) {
                transition = null;
            }
            if (master != null && master.term() < seen.term() && !seen.master().isEmpty()) {
                ghosts = 0;
            }
        }
    }

    void podSeen(int ordinal, PodView pod) {
        Member member = members[ordinal];
        PodView before = member.pod;
        if (pod != null && master != null && pod.provesEnd(master.podUid(), master.startedAt())) {
            master = master.asEnded();
        }
        boolean endSeen = pod != null
                && member.facts != null
                && pod.provesEnd(pod.uid(), member.facts.startedAt())
                && (before == null || !before.provesEnd(pod.uid(), member.facts.startedAt()));
        if (endSeen) {
            gone = gone.and(pod.uid(), ms());
        }
        member.pod = pod;
        boolean other = before != null && (pod == null || !pod.uid().equals(before.uid()));
        if (other && !before.ip().isEmpty()) {
            gone = gone.and(before.uid(), ms());
            boolean isMaster = master != null
                    ? master.podUid().equals(before.uid())
                    : World.NAMES[ordinal].equals(status == null ? "" : status.master());
            ghosts += !isMaster && mayStillVote(member, before) ? 1 : 0;
        }
        if (pod == null || other || (before != null && !before.ip().equals(pod.ip()))) {
            drop(member);
            promoteFailed(World.NAMES[ordinal]);
            member.facts = null;
            member.listed = !podsKnown;
            member.attachSent = false;
            member.link = Link.NONE;
        }
    }

    /** Its pod is gone, and its process may still hang on a master: it was a replica, or this operator never asked it. */
    private boolean mayStillVote(Member member, PodView pod) {
        if (pod.deleting() && !pod.ready()) {
            // In this model: its container was reported as terminated.
            return false;
        }
        if (member.facts == null) {
            return member.listed;
        }
        return (member.attachSent || member.facts.role() != ManagedRole.NONE)
                && !pod.provesEnd(pod.uid(), member.facts.startedAt());
    }

    // --- the members' side

    private void drop(Member member) {
        if (member.conn != null) {
            member.conn.close(this);
            member.conn = null;
        }
        member.pendingSince = -1;
        member.process = "";
    }

    private void tick() {
        later(group.leaseMs * 200, this::tick);
        if (lastTick != Long.MIN_VALUE && ms() - lastTick > group.leaseMs / 2) {
            steadySince = ms();
        }
        lastTick = ms();
        if (!leads()) {
            return;
        }
        for (int i = 0; i < members.length; i++) {
            tend(i);
        }
        decide();
    }

    private void tend(int ordinal) {
        Member member = members[ordinal];
        if (member.pod == null || member.pod.ip().isEmpty()) {
            return;
        }
        if (member.conn == null) {
            connect(member);
        } else if (member.pendingSince < 0) {
            ask(member);
        } else if (ms() - member.pendingSince > 2 * group.leaseMs) {
            member.link = Link.TIMEOUT;
            drop(member);
            promoteFailed(World.NAMES[ordinal]);
        }
    }

    private void connect(Member member) {
        if (member.connecting) {
            return;
        }
        member.connecting = true;
        String ip = member.pod.ip();
        world.connect(
                this,
                ip,
                conn -> {
                    member.connecting = false;
                    if (member.pod == null || !member.pod.ip().equals(ip)) {
                        conn.close(this);
                        return;
                    }
                    if (((SimNode) conn.peer(this)).pod.locked) {
                        conn.close(this);
                        member.link = Link.DENIED;
                        decide();
                        return;
                    }
                    member.conn = conn;
                    conn.tag = member;
                    member.link = Link.OK;
                    ask(member);
                },
                refused -> {
                    member.connecting = false;
                    if (member.pod != null && member.pod.ip().equals(ip)) {
                        member.link = refused ? Link.REFUSED : Link.TIMEOUT;
                        decide();
                    }
                });
    }

    private void ask(Member member) {
        member.pendingSince = ms();
        member.conn.send(this, new Wire.Info());
    }

    @Override
    void closed(Conn conn) {
        Member member = (Member) conn.tag;
        if (member != null && member.conn == conn) {
            drop(member);
            promoteFailed(nameOf(member));
            if (leads() && member.pod != null && !member.pod.ip().isEmpty()) {
                connect(member);
            }
        }
    }

    private String nameOf(Member member) {
        for (int i = 0; i < members.length; i++) {
            if (members[i] == member) {
                return World.NAMES[i];
            }
        }
        throw new IllegalStateException();
    }

    @Override
    void message(Conn conn, Object message) {
        Member member = (Member) conn.tag;
        if (member == null || member.conn != conn) {
            return;
        }
        switch (message) {
            case Wire.InfoReply reply -> informed(member, reply.facts());
            case Wire.RenewReply reply -> renewed(member, reply.ok());
            case Wire.FenceReply reply -> fenced(member, reply);
            case Wire.PromoteReply reply -> promoted(member, reply);
            default -> {}
        }
    }

    private void informed(Member member, NodeFacts facts) {
        if (member.facts == null || !member.facts.runId().equals(facts.runId())) {
            gone = gone.and(member.pod.uid(), ms());
            member.attachSent = false;
        }
        member.askedAt = member.pendingSince;
        member.answeredAt = ms();
        member.pendingSince = -1;
        member.facts = facts;
        member.process = facts.runId();
        member.link = Link.OK;
        if (!leads() || status == null || facts.role() != ManagedRole.MASTER) {
            return;
        }
        if (facts.term() == status.term()) {
            String name = nameOf(member);
            boolean ended = master != null && master.runId().equals(facts.runId()) && master.ended();
            master = new MasterProcess(
                    name,
                    facts.term(),
                    member.pod.uid(),
                    facts.startedAt(),
                    facts.runId(),
                    facts.history(),
                    facts.offset(),
                    facts.handingOver(),
                    ended || member.pod.provesEnd(member.pod.uid(), facts.startedAt()));
        }
        brain.renew(view()).ifPresent(renew -> {
            if (renew.target().member().equals(nameOf(member))
                    && renew.target().runId().equals(member.process)) {
                boundAt = Math.max(boundAt, member.answeredAt + renew.grant().ttlMs());
                member.renewing = renew.grant();
                member.conn.send(
                        this,
                        new Wire.Renew(
                                renew.term(),
                                renew.grant().ttlMs(),
                                renew.grant().replicas(),
                                renew.clock()));
            }
        });
        if (transition != null) {
            decide();
        }
    }

    private void renewed(Member member, boolean ok) {
        if (!ok || member.renewing == null || master == null || !master.runId().equals(member.process)) {
            confirmed = null;
        } else if (!member.renewing.equals(confirmed)) {
            confirmed = member.renewing;
            confirmedSince = ms();
        }
    }

    private void fenced(Member member, Wire.FenceReply reply) {
        if (reply.ok() && transition != null && transition.term() == reply.term()) {
            long from = world.rules.keep(Rules.Rule.VOTE_AGES_END_AT_THE_RECEIPT) ? ms() : member.fenceSentAt;
            long votedAt = reply.voteAgeMs() < 0 ? FenceView.NEVER : from - reply.voteAgeMs();
            transition = transition.fenced(new FenceView(
                    nameOf(member),
                    ms(),
                    votedAt,
                    reply.roleBefore(),
                    reply.synced(),
                    reply.runId(),
                    reply.history(),
                    reply.offset()));
            decide();
        }
    }

    private void promoted(Member member, Wire.PromoteReply reply) {
        if (transition != null
                && transition.promote() != null
                && transition.term() == reply.term()
                && transition.promote().runId().equals(member.process)) {
            outcome(reply.ok() ? Outcome.DONE : Outcome.UNKNOWN);
            if (reply.ok()) {
                ask(member);
            }
        }
    }

    private void promoteFailed(String name) {
        if (transition != null
                && transition.promote() != null
                && transition.promote().member().equals(name)
                && transition.promote().outcome() == Outcome.SENT) {
            outcome(Outcome.UNKNOWN);
        }
    }

    private void outcome(Outcome outcome) {
        PromoteView promote = transition.promote();
        transition = transition.promoting(new PromoteView(promote.member(), promote.runId(), outcome));
    }

    // --- decide and act

    private boolean leads() {
        return leadership == null || leadership.holds();
    }

    GroupView view() {
        List<MemberView> views = new ArrayList<>(group.replicas);
        for (int i = 0; i < members.length; i++) {
            Member m = members[i];
            if (i < group.replicas || m.pod != null) {
                views.add(new MemberView(World.NAMES[i], i, m.pod, m.link, m.facts, m.askedAt, m.answeredAt));
            }
        }
        return new GroupView(
                ms(),
                steadySince,
                leads(),
                new SpecView(group.replicas, group.leaseMs, group.appendOnly),
                new StatusView(status.term(), status.master(), status.masterPod(), status.history(), status.grant()),
                views,
                podsKnown,
                transition,
                master,
                ghosts,
                new LeaseView(boundAt, gone, confirmed, confirmedSince));
    }

    private void decide() {
        if (status == null || !podsKnown || !leads()) {
            return;
        }
        GroupView view = view();
        long version = status.version();
        for (Decision decision : brain.decide(view)) {
            if (decision instanceof Decision.Nothing || decision instanceof Decision.Wait) {
                group.lastWord = decision;
                continue;
            }
            // Between deciding and acting there is time to be paused.
            if (world.chance(10)) {
                later(world.random.nextInt(20_000), () -> act(view, version, decision));
            } else {
                act(view, version, decision);
            }
        }
    }

    private void act(GroupView view, long version, Decision decision) {
        if (!leads()) {
            return;
        }
        if (actionsToLive == 0) {
            world.trace(() -> name + " dies before " + decision);
            die();
        }
        if (!alive) {
            return;
        }
        boolean quiet = decision instanceof Decision.Fence;
        if (!quiet) {
            world.trace(() -> name + " " + decision);
            actionsToLive = Math.max(-1, actionsToLive - 1);
        }
        switch (decision) {
            case Decision.BeginTerm begin ->
                write(version, status.begun(begin.term(), begin.grant()), () -> {
                    transition = Decider.begun(view, begin, ms());
                    decide();
                });
            case Decision.Adopt adopt ->
                write(version, status.named(adopt.term(), adopt.master(), adopt.masterPod(), adopt.history()), () -> {
                    ghosts = transition == null ? ghosts : 0;
                    transition = null;
                });
            case Decision.Regrant regrant -> write(version, status.granting(regrant.grant()), () -> {});
            case Decision.Inherit inherit -> write(version, status.inheriting(inherit.history()), this::decide);
            case Decision.Fence fence ->
                fence.targets().forEach(t -> {
                    Member member = memberOf(t);
                    if (member != null && ms() - member.fenceSentAt > 50) {
                        member.fenceSentAt = ms();
                        member.conn.send(this, new Wire.Fence(fence.term()));
                    }
                });
            case Decision.Promote promote -> promote(view, promote);
            case Decision.Attach attach -> {
                Member member = memberOf(attach.target());
                // The real one has written the master's name by now, or stopped at that.
                if (member != null && !status.master().isEmpty()) {
                    member.attachSent = true;
                    member.conn.send(this, new Wire.Attach(attach.term(), attach.host()));
                }
            }
            case Decision.Route route -> route(route.labels());
            default -> throw new IllegalStateException(decision.toString());
        }
    }

    private Member memberOf(Decision.Target target) {
        Member member = members[ordinalOf(target.member())];
        boolean same = member.conn != null
                && (member.process.equals(target.runId())
                        || !world.rules.keep(Rules.Rule.ORDERS_ARE_BOUND_TO_THE_PROCESS));
        return same ? member : null;
    }

    static int ordinalOf(String name) {
        return name.charAt(name.length() - 1) - '0';
    }

    private void promote(GroupView view, Decision.Promote promote) {
        Member member = memberOf(promote.target());
        if (transition == null
                || transition.term() != promote.term()
                || transition.promote() != null
                || member == null) {
            return;
        }
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
                    && view.now() - m.askedAt() <= group.leaseMs) {
                considered.add(m.name());
                live |= fence.synced();
                // Whose answer is older may have been passed over with reason.
                if (view.now() - m.askedAt() < group.leaseMs / 2) {
                    considered.add(fence.runId());
                }
            }
        }
        world.checks.decided(promote.term(), considered, denied, view.spec().replicas(), live);
        transition = transition.promoting(
                new PromoteView(promote.target().member(), promote.target().runId(), Outcome.SENT));
        member.conn.send(this, new Wire.Promote(promote.term(), promote.force()));
    }

    private void route(Map<String, RoleLabel> labels) {
        labels.forEach((name, role) -> api.call(
                this,
                () -> {
                    api.setLabel(ordinalOf(name), role);
                    return true;
                },
                done -> {},
                () -> {}));
    }

    private void write(long version, Api.Status next, Runnable written) {
        if (writing) {
            return;
        }
        writing = true;
        api.call(
                this,
                () -> {
                    Api.Status result = api.writeStatus(version, next);
                    return result == null ? new Api.Status(-1, 0, "", "", null, null) : result;
                },
                result -> {
                    writing = false;
                    if (result.version() > 0) {
                        statusSeen(result);
                        if (status.version() == result.version()) {
                            written.run();
                        }
                    }
                },
                () -> {
                    writing = false;
                    api.call(this, () -> api.status, this::statusSeen, () -> {});
                });
    }
}
