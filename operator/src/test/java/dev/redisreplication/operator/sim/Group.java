package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Policy;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.Wishes;
import java.util.ArrayList;
import java.util.List;

/** One group with everything around it. */
final class Group {
    final World world;
    final Api api;
    final Kubelets kubelets;
    final Policy policy;
    final boolean appendOnly;
    long leaseMs;
    int replicas;
    final List<SimOperator> operators = new ArrayList<>();
    boolean operatorComesBack = true;
    Wishes wishes = Wishes.NONE;
    private final boolean elected;
    /** What an operator last said instead of acting. */
    Decision lastWord;

    Group(
            World world,
            Policy policy,
            int replicas,
            long leaseMs,
            boolean appendOnly,
            boolean volumes,
            boolean elected) {
        this.world = world;
        world.group = this;
        this.policy = policy;
        this.api = new Api(world);
        this.kubelets = new Kubelets(world, api, appendOnly, volumes);
        this.appendOnly = appendOnly;
        this.elected = elected;
        this.leaseMs = leaseMs;
        this.replicas = replicas;
        world.replicas = replicas;
    }

    void start(boolean stubbornClient) {
        for (int i = 0; i < replicas; i++) {
            kubelets.create(i);
        }
        operators.add(new SimOperator(this, "operator-" + world.nextId(), World.OPERATOR, elected));
        if (elected) {
            operators.add(new SimOperator(this, "operator-" + world.nextId(), World.OPERATOR_B, true));
        }
        new SimClient(this, false).start();
        if (stubbornClient) {
            new SimClient(this, true).start();
        }
    }

    void operatorEnded(SimOperator operator) {
        operators.remove(operator);
        world.at(world.now + 100_000 + world.random.nextInt(600_000), () -> restartOperator(operator.zone));
    }

    void restartOperator(int zone) {
        if (operatorComesBack && operators.stream().noneMatch(o -> o.zone == zone)) {
            SimOperator next = new SimOperator(this, "operator-" + world.nextId(), zone, elected);
            operators.add(next);
            world.trace(() -> next.name + " starts");
        }
    }

    /**
     * A known limit (docs/failover.md): a new operator process knows nothing of replicas whose pods were deleted by force
     * it first listed the pods. Here their kubelets are back by then.
     */
    void endForgottenVoters() {
        for (SimPod pod : world.pods) {
            if (pod.orphan && pod.node != null && pod.node.alive && pod.node.role() == ManagedRole.REPLICA) {
                pod.node.die();
            }
        }
    }

    SimPod masterPod() {
        String name = api.status.master();
        return name.isEmpty() ? null : kubelets.pods[SimOperator.ordinalOf(name)];
    }

    /** Somebody asks for a switchover, or for none any more (""). */
    void order(String to) {
        world.trace(() -> "order: " + to);
        wish(new Wishes(to, false, wishes.preferred()));
    }

    /** spec.preferredMaster changes. */
    void prefer(String member) {
        world.trace(() -> "preferred: " + member);
        wish(new Wishes(wishes.order(), false, member));
    }

    private void wish(Wishes now) {
        wishes = now;
        api.specChanged();
    }

    /** The operator takes an order off the resource. */
    boolean forgetOrder(String order) {
        boolean same = wishes.order().equals(order);
        if (same) {
            order("");
        }
        return same;
    }

    /** spec.replicas changes; the StatefulSet follows, but never deletes the master's pod. */
    void scale(int to) {
        world.trace(() -> "spec.replicas: " + to);
        replicas = to;
        world.replicas = to;
        api.specChanged();
        reconcileStatefulSet();
    }

    private void reconcileStatefulSet() {
        String name = api.status.master();
        int keep = Math.max(replicas, name.isEmpty() ? 0 : SimOperator.ordinalOf(name) + 1);
        boolean more = name.isEmpty();
        for (int i = 0; i < World.NAMES.length; i++) {
            if (i < replicas) {
                kubelets.create(i);
            } else if (kubelets.pods[i] != null) {
                more = true;
                if (i >= keep && !name.isEmpty()) {
                    kubelets.delete(i);
                }
            }
        }
        if (more) {
            world.at(world.now + 300_000, this::reconcileStatefulSet);
        }
    }

    /** One master with a lease, all others attached to it, labels right: what Ready means. Empty if so, else what is missing. */
    String unready() {
        SimPod pod = masterPod();
        if (pod == null || pod.node == null || !pod.node.alive || pod.deleting) {
            return "no master";
        }
        SimNode master = pod.node;
        if (master.role() != ManagedRole.MASTER || master.term() != api.status.term() || !master.hasLease()) {
            return master + " has no lease in term " + api.status.term();
        }
        for (int i = 0; i < World.NAMES.length; i++) {
            SimPod other = kubelets.pods[i];
            if (i < replicas && (other == null || other.node == null || !other.node.alive || other.deleting)) {
                return World.NAMES[i] + " does not run";
            }
            PodView seen = api.pods[i];
            if (seen != null && (seen.role() == RoleLabel.MASTER) != (other == pod)) {
                return World.NAMES[i] + " is labelled " + seen.role();
            }
            if (other == null || other == pod || i >= replicas) {
                continue;
            }
            SimNode replica = other.node;
            if (replica.role() != ManagedRole.REPLICA || replica.term() != master.term() || !replica.linkUp) {
                return replica + " is not attached";
            }
            if (seen == null || seen.role() != RoleLabel.REPLICA) {
                return World.NAMES[i] + " is not labelled replica";
            }
        }
        return "";
    }
}
