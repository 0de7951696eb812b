package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.Wishes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What can go wrong. */
final class Faults {
    /** One of them, with its own random choices. */
    interface Fault {
        void strike();
    }

    static final long LONGEST_LEASE_MS = 2000;

    private final Group group;
    private final World world;
    private final SplittableRandom random;
    private final boolean volumes;
    private final List<Actor> pausedActors = new ArrayList<>();
    private boolean byForce;
    private boolean healed;
    private final List<Api.Status> oldStatus = new ArrayList<>();

    Faults(Group group, SplittableRandom random, boolean volumes) {
        this.group = group;
        this.world = group.world;
        this.random = random;
        this.volumes = volumes;
    }

    List<Fault> of(Schedule.Kind kind) {
        return switch (kind) {
            case CRASHES -> List.of(this::crash, this::crash, this::crashMaster, this::machineLost);
            case ALL_DOWN -> List.of(this::crashAll, this::crashAll, this::crash, this::operatorDiesSoon);
            case PAUSES -> List.of(this::pause, this::pauseMaster, this::crashMaster, this::pauseOperator);
            case PARTITIONS ->
                List.of(this::partition, this::isolate, this::isolateMaster, this::operatorPartition, this::crash);
            case OPERATOR_CRASHES ->
                List.of(
                        this::operatorDiesSoon,
                        this::operatorDiesSoon,
                        this::crashMaster,
                        this::isolateMaster,
                        this::crash);
            case TWO_OPERATORS ->
                List.of(
                        this::pauseOperator,
                        this::pauseOperator,
                        this::isolateOperator,
                        this::operatorEnds,
                        this::operatorEnds,
                        this::operatorDiesSoon,
                        this::crashMaster,
                        this::isolateMaster,
                        this::pauseMaster);
            case PODS_DELETED ->
                List.of(this::deleteByForce, this::deleteByForce, this::delete, this::isolateMaster, this::crashMaster);
            case VOTES ->
                List.of(
                        this::operatorLosesMaster,
                        this::operatorLosesMaster,
                        this::crash,
                        this::crash,
                        this::isolateMaster,
                        this::delete,
                        this::partition);
            case LATE_VOTES ->
                List.of(
                        this::orphanWithVoters,
                        this::orphanWithVoters,
                        this::operatorDiesSoon,
                        this::slowPath,
                        this::slowPath,
                        this::pause,
                        this::crash,
                        this::isolateMaster,
                        this::operatorPartition);
            case FORGOTTEN_MASTER ->
                List.of(
                        this::orphanAndOperatorDies,
                        this::orphanAndOperatorDies,
                        this::orphanWithVoters,
                        this::slowPath,
                        this::pause,
                        this::crash,
                        this::operatorPartition);
            case SCALE -> List.of(this::scale, this::scale, this::crashMaster, this::changeLease, this::isolateMaster);
            case RESTORED_STATUS ->
                List.of(this::restoreStatus, this::crashMaster, this::crash, this::partition, this::operatorDiesSoon);
            case LOST_QUESTIONS ->
                List.of(
                        this::replicasLoseQuestions,
                        this::replicasLoseQuestions,
                        this::operatorLosesMaster,
                        this::crash);
            case GRACEFUL -> List.of(this::deleteMaster, this::restartMaster, this::slowReplicas);
            case PLANNED ->
                List.of(this::order, this::prefer, this::slowOrder, this::slowOrder, this::operatorDiesSoon);
            case PLANNED_AND_FAULTS ->
                List.of(
                        this::order,
                        this::order,
                        this::prefer,
                        this::slowApi,
                        this::slowNetwork,
                        this::operatorDiesSoon,
                        this::crashMaster,
                        this::crash,
                        this::pauseMaster,
                        this::pauseOperator,
                        this::isolateMaster,
                        this::operatorLosesMaster,
                        this::restartMaster,
                        this::delete,
                        this::slowPath,
                        this::fillDisk);
            case FULL_DISKS ->
                List.of(
                        this::fillDisk,
                        this::fillDisk,
                        this::fillDisk,
                        this::freeDisk,
                        this::crash,
                        this::delete,
                        this::pause);
            case LOCKED_OUT ->
                List.of(
                        this::lockOut,
                        this::lockOut,
                        this::crashMaster,
                        this::crashMaster,
                        this::crash,
                        this::crashAll,
                        this::slowReplicas,
                        this::isolateMaster,
                        this::operatorDiesSoon);
            default ->
                List.of(
                        this::lockOut,
                        this::fillDisk,
                        this::restartMaster,
                        this::crash,
                        this::crashMaster,
                        this::crashAll,
                        this::machineLost,
                        this::pause,
                        this::pauseMaster,
                        this::pauseOperator,
                        this::partition,
                        this::isolate,
                        this::isolateMaster,
                        this::operatorPartition,
                        this::operatorDiesSoon,
                        this::deleteByForce,
                        this::delete,
                        this::slowApi,
                        this::slowNetwork,
                        this::slowPath,
                        this::changeLease,
                        this::foreignData);
        };
    }

    void heal() {
        healed = true;
        world.maxDelay = 400;
        group.api.maxDelay = 4_000;
        world.healAll();
        for (Actor actor : List.copyOf(pausedActors)) {
            actor.resume();
        }
        for (SimPod pod : world.pods) {
            pod.disk.full = false;
            pod.locked = false;
        }
        for (SimPod pod : List.copyOf(world.pods)) {
            // No process without a pod for ever: the kubelet finds out in the end.
            if (pod.orphan && pod.node != null && pod.node.alive) {
                pod.node.die();
            }
        }
        if (byForce) {
            // Who deletes by force has to make sure himself; starting the operator anew tells it that he did.
            List.copyOf(group.operators).forEach(SimOperator::die);
        }
        group.operatorComesBack = true;
        for (SimOperator operator : group.operators) {
            operator.actionsToLive = -1;
        }
        group.restartOperator(World.OPERATOR);
    }

    private SimPod anyPod() {
        return group.kubelets.pods[random.nextInt(group.replicas)];
    }

    private SimPod master() {
        SimPod pod = group.masterPod();
        return pod == null ? anyPod() : pod;
    }

    private long duration() {
        return 50_000 + random.nextInt(random.nextInt(4) == 0 ? 5_000_000 : 1_500_000);
    }

    // --- processes

    private void crash() {
        crash(anyPod());
    }

    private void crashMaster() {
        crash(master());
    }

    private void crash(SimPod pod) {
        if (pod != null) {
            group.kubelets.crash(pod);
        }
    }

    private void crashAll() {
        for (int i = 0; i < group.replicas; i++) {
            SimPod pod = group.kubelets.pods[i];
            world.at(world.now + random.nextInt(60_000), () -> crash(pod));
        }
    }

    private void machineLost() {
        SimPod pod = anyPod();
        if (pod == null || pod.node == null) {
            return;
        }
        world.trace(() -> "machine of " + pod.node + " is lost");
        for (int zone = 0; zone < 16; zone++) {
            world.block(pod.zone, zone, true);
            world.block(zone, pod.zone, true);
        }
        group.kubelets.crash(pod);
    }

    private void pause() {
        SimPod pod = anyPod();
        if (pod != null && pod.node != null) {
            pause(pod.node);
        }
    }

    private void pauseMaster() {
        SimPod pod = master();
        if (pod != null && pod.node != null) {
            pause(pod.node);
        }
    }

    private void pauseOperator() {
        if (!group.operators.isEmpty()) {
            pause(group.operators.get(random.nextInt(group.operators.size())));
        }
    }

    private void pause(Actor actor) {
        if (!actor.alive || actor.paused) {
            return;
        }
        world.trace(() -> "paused " + actor);
        actor.paused = true;
        pausedActors.add(actor);
        world.at(world.now + duration(), () -> {
            if (actor.paused) {
                world.trace(() -> "resumed " + actor);
                actor.resume();
            }
        });
    }

    private void operatorDiesSoon() {
        if (!group.operators.isEmpty()) {
            group.operators.getFirst().actionsToLive = random.nextInt(5);
        }
    }

    /** In a clean way, each of them, so that the one that leads is among them. */
    private void operatorEnds() {
        for (SimOperator operator : List.copyOf(group.operators)) {
            if (random.nextInt(3) != 0) {
                operator.endCleanly();
            }
        }
    }

    // --- network

    private void cut(int from, int to, long duration) {
        world.trace(() -> "cut " + from + " -> " + to + " for " + duration / 1000 + " ms");
        world.block(from, to, true);
        world.at(world.now + duration, () -> world.block(from, to, false));
    }

    private void cutSomehow(int one, int other) {
        long duration = duration();
        int how = random.nextInt(4);
        if (how != 0) {
            cut(one, other, duration);
        }
        if (how != 1) {
            cut(other, one, duration);
        }
    }

    private void partition() {
        int one = random.nextInt(group.replicas);
        int other = random.nextInt(group.replicas);
        if (one != other) {
            cutSomehow(one, other);
        }
    }

    /** Between operator and one member. */
    void operatorPath(int ordinal) {
        cutSomehow(World.OPERATOR, ordinal);
    }

    private void operatorLosesMaster() {
        SimPod pod = master();
        if (pod != null) {
            operatorPath(pod.ordinal);
        }
    }

    private void operatorPartition() {
        operatorPath(random.nextInt(group.replicas));
    }

    private void isolate() {
        isolate(random.nextInt(group.replicas), World.OPERATOR, random.nextBoolean());
    }

    private void isolateMaster() {
        SimPod pod = master();
        if (pod != null) {
            isolate(pod.ordinal, World.OPERATOR, random.nextBoolean());
        }
    }

    private void isolateOperator() {
        int zone = random.nextBoolean() ? World.OPERATOR : World.OPERATOR_B;
        long duration = duration();
        for (int i = 0; i < group.replicas; i++) {
            if (random.nextInt(3) != 0) {
                cut(zone, i, duration);
                cut(i, zone, duration);
            }
        }
        if (random.nextBoolean()) {
            cut(zone, World.API, duration);
            cut(World.API, zone, duration);
        }
    }

    /** From the operator and some of the other members; clients may still reach it. */
    private void isolate(int ordinal, int operator, boolean fromClients) {
        long duration = duration();
        int how = random.nextInt(4);
        for (int zone = 0; zone < 16; zone++) {
            boolean member = zone < group.replicas && zone != ordinal && random.nextInt(4) != 0;
            if (member || zone == operator || (zone == World.CLIENTS && fromClients)) {
                if (how != 0) {
                    cut(ordinal, zone, duration);
                }
                if (how != 1) {
                    cut(zone, ordinal, duration);
                }
            }
        }
    }

    private void slowApi() {
        group.api.maxDelay = 300_000 + random.nextInt(1_500_000);
        world.at(world.now + duration(), () -> group.api.maxDelay = 4_000);
    }

    private void slowNetwork() {
        world.maxDelay = 5_000 + random.nextInt(150_000);
        world.at(world.now + duration(), () -> world.maxDelay = 400);
    }

    /** Whatever goes from one to the other is late, the replies may not be. */
    private void slowPath() {
        slowPath(randomEnd(), randomEnd(), duration());
    }

    private int randomEnd() {
        int end = random.nextInt(group.replicas + 1);
        return end == group.replicas ? World.OPERATOR : end;
    }

    private void slowPath(int from, int to, long duration) {
        int delay = 1_000 * (10 + random.nextInt((int) group.leaseMs));
        world.trace(() -> "slow " + from + " -> " + to + " by " + delay / 1000 + " ms for " + duration / 1000 + " ms");
        world.slow(from, to, delay);
        world.at(world.now + duration, () -> world.slow(from, to, 0));
    }

    /** The replicas have to prolong the master's lease when its pod is deleted by force, and orders to them are late. */
    private void orphanWithVoters() {
        SimPod pod = master();
        if (pod == null) {
            return;
        }
        long lease = group.leaseMs * 1000;
        long duration = 3 * lease;
        cut(World.OPERATOR, pod.ordinal, duration);
        for (int i = 0; i < group.replicas; i++) {
            if (i != pod.ordinal && random.nextBoolean()) {
                slowPath(World.OPERATOR, i, duration);
            }
            if (i != pod.ordinal && random.nextInt(4) == 0) {
                slowPath(i, random.nextBoolean() ? pod.ordinal : World.OPERATOR, duration);
            }
            if (i != pod.ordinal && random.nextInt(6) == 0) {
                cut(World.OPERATOR, i, duration());
            }
        }
        world.at(world.now + lease / 2 + random.nextLong(lease), () -> {
            if (!healed) {
                byForce = true;
                group.kubelets.deleteByForce(pod.ordinal);
            }
        });
    }

    /** What an operator knew of the master is lost with it; the next one sees only the pod that took the master's name. */
    private void orphanAndOperatorDies() {
        SimPod pod = master();
        if (pod == null) {
            return;
        }
        long duration = (4 + random.nextInt(8)) * group.leaseMs * 1000;
        for (int i = 0; i < group.replicas; i++) {
            if (i != pod.ordinal && random.nextInt(3) != 0) {
                cut(World.OPERATOR, i, duration);
            }
        }
        cut(World.OPERATOR, pod.ordinal, duration());
        byForce = true;
        group.kubelets.deleteByForce(pod.ordinal);
        if (!group.operators.isEmpty()) {
            group.operators.getFirst().actionsToLive = random.nextInt(3);
        }
    }

    // --- Kubernetes and its users

    private void deleteByForce() {
        SimPod pod = random.nextBoolean() ? master() : anyPod();
        if (pod != null) {
            byForce = true;
            group.kubelets.deleteByForce(pod.ordinal);
        }
    }

    private void delete() {
        SimPod pod = random.nextBoolean() ? master() : anyPod();
        if (pod != null) {
            group.kubelets.delete(pod.ordinal);
        }
    }

    /** Only one that is known, lest the chosen one be a replica that has everything. */
    private void deleteMaster() {
        SimPod pod = group.masterPod();
        if (pod != null) {
            group.kubelets.delete(pod.ordinal);
        }
    }

    /** What they get from the master is late. */
    private void slowReplicas() {
        SimPod master = group.masterPod();
        for (int i = 0; master != null && i < group.replicas; i++) {
            if (i != master.ordinal) {
                slowPath(master.ordinal, i, 1_000_000 + random.nextInt(2_000_000));
            }
        }
    }

    private void restartMaster() {
        SimPod pod = group.masterPod();
        if (pod != null && !pod.deleting) {
            group.kubelets.restart(pod);
        }
    }

    /** Somebody gives members another password; the operator learns of it when it has to connect again. */
    void lockOut() {
        int one = random.nextInt(group.replicas);
        for (int i = 0; i < group.replicas; i++) {
            SimPod pod = group.kubelets.pods[i];
            if (pod != null && (i == one || random.nextInt(3) == 0)) {
                world.trace(() -> pod.name() + " takes another password");
                pod.locked = true;
            }
        }
    }

    private void fillDisk() {
        SimPod pod = random.nextBoolean() ? master() : anyPod();
        if (pod != null) {
            world.trace(() -> "the disk of " + pod.node + " is full");
            pod.disk.full = true;
        }
    }

    private void freeDisk() {
        SimPod pod = anyPod();
        if (pod != null) {
            pod.disk.full = false;
        }
    }

    /** The operator cannot renew, so the master asks its replicas; they stand still and die with the questions. */
    private void replicasLoseQuestions() {
        SimPod master = group.masterPod();
        if (master == null) {
            return;
        }
        long lease = group.leaseMs * 1000;
        long duration = (5 + random.nextInt(6)) * lease;
        cut(World.OPERATOR, master.ordinal, duration);
        cut(master.ordinal, World.OPERATOR, duration);
        for (int i = 0; i < group.replicas; i++) {
            SimPod pod = group.kubelets.pods[i];
            if (i != master.ordinal && pod != null && pod.node != null) {
                pause(pod.node);
                world.at(world.now + lease * 3 / 2 + random.nextLong(lease), () -> crash(pod));
            }
        }
    }

    private void foreignData() {
        SimPod pod = anyPod();
        if (volumes && pod != null && group.replicas > 1) {
            group.kubelets.delete(pod.ordinal);
            group.kubelets.giveForeignData(pod.ordinal, 1_000_000);
        }
    }

    /** Somebody asks for a switchover. */
    void order() {
        group.order(random.nextInt(3) == 0 ? Wishes.ANY : World.NAMES[random.nextInt(group.replicas)]);
    }

    /** The API server takes so long that the pause may be over before the term begins. */
    private void slowOrder() {
        slowApi();
        order();
    }

    private void prefer() {
        group.prefer(random.nextInt(3) == 0 ? "" : World.NAMES[random.nextInt(group.replicas)]);
    }

    private void scale() {
        int[] sizes = {1, 2, 3, 3, 4, 5};
        group.scale(sizes[random.nextInt(sizes.length)]);
    }

    private void changeLease() {
        long[] leases = {300, 600, 1000, LONGEST_LEASE_MS};
        group.leaseMs = leases[random.nextInt(leases.length)];
        world.trace(() -> "lease: " + group.leaseMs);
        group.api.specChanged();
    }

    private void restoreStatus() {
        if (oldStatus.isEmpty() || random.nextInt(3) == 0) {
            oldStatus.add(group.api.status);
            world.at(world.now + 1_000_000, this::restoreStatus);
        } else {
            world.checks.statusWentBack = true;
            group.api.setStatus(oldStatus.get(random.nextInt(oldStatus.size())).written());
        }
    }
}
