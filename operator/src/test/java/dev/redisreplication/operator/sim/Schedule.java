package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.decide.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * One run: a group starts, some time goes by with faults, everything is healed, and it has to be Ready again. All of it
 * follows from the seed.
 */
final class Schedule {
    /** What happens to the group. */
    enum Kind {
        MIXED,
        CRASHES,
        ALL_DOWN,
        PAUSES,
        PARTITIONS,
        OPERATOR_CRASHES,
        TWO_OPERATORS,
        PODS_DELETED,
        /** The operator loses the master, and then replicas go, too. */
        VOTES,
        /** Orders, questions and votes travel at different speeds, and the master's pod is deleted by force. */
        LATE_VOTES,
        /** The master's pod is deleted by force, the operator begins a failover and dies, and cannot reach the voters. */
        FORGOTTEN_MASTER,
        /** Only the path between operator and master breaks: nothing may change. */
        PATH_ONLY,
        /** The operator is away: nothing may change. */
        NO_OPERATOR,
        SCALE,
        RESTORED_STATUS,
        /** Replicas die with the master's questions while no operator reaches the master. */
        LOST_QUESTIONS,
        /** Masters are told to end, nothing else happens: nothing may be lost. */
        GRACEFUL,
        /** Somebody else shall be master, again and again. Nothing fails but operators, and nothing may be lost. */
        PLANNED,
        /** The same in the middle of everything else. */
        PLANNED_AND_FAULTS,
        /** Disks fill up. */
        FULL_DISKS,
        /** Members get a password that the operator does not know. As long as nothing else happens, nothing may change. */
        LOCKED_OUT
    }

    private static final Kind[] KINDS = Kind.values();

    final Kind kind;
    final Group group;
    final World world;
    private final SplittableRandom random;
    private final Faults faults;

    Schedule(long seed, Policy policy, Rules rules, boolean tracing) {
        this(seed, KINDS[Math.floorMod(seed, KINDS.length)], policy, rules, tracing);
    }

    Schedule(long seed, Kind kind, Policy policy, Rules rules, boolean tracing) {
        this.kind = kind;
        world = new World(seed * 0x9E3779B97F4A7C15L + kind.ordinal(), rules, tracing);
        random = world.random.split();
        int[] sizes = {1, 2, 2, 3, 3, 3, 3, 3, 4, 5};
        int replicas = sizes[random.nextInt(sizes.length)];
        if (kind == Kind.FORGOTTEN_MASTER) {
            // In smaller ones a majority that is out of reach leaves nobody to be promoted.
            replicas = Math.max(replicas, 3 + random.nextInt(3));
        }
        boolean needsReplicas =
                switch (kind) {
                    case PATH_ONLY,
                            NO_OPERATOR,
                            LOST_QUESTIONS,
                            GRACEFUL,
                            PLANNED,
                            PLANNED_AND_FAULTS,
                            FULL_DISKS,
                            LOCKED_OUT -> true;
                    default -> false;
                };
        if (needsReplicas && replicas == 1) {
            replicas = 3;
        }
        world.checks.onlyGraceful = kind == Kind.GRACEFUL;
        world.checks.onlyPlanned = kind == Kind.PLANNED;
        long[] leases = {300, 600, 1000};
        boolean appendOnly = random.nextBoolean();
        boolean volumes = appendOnly && random.nextBoolean();
        group = new Group(
                world,
                policy,
                replicas,
                leases[random.nextInt(leases.length)],
                appendOnly,
                volumes,
                kind == Kind.TWO_OPERATORS);
        faults = new Faults(group, random, volumes);
    }

    /** Runs it; throws a {@link Violation} if something that must be true was not. */
    void run() {
        world.trace(() -> "%s: %d members, lease %d ms, append only %s"
                .formatted(kind, group.replicas, group.leaseMs, group.appendOnly));
        group.start(kind != Kind.PATH_ONLY && kind != Kind.NO_OPERATOR);
        untilReady("first start", 15_000_000);
        world.run(world.now + random.nextInt(400_000));
        switch (kind) {
            case PATH_ONLY -> pathOnly();
            case NO_OPERATOR -> noOperator();
            case LOCKED_OUT -> {
                lockedOut();
                faulty();
            }
            case PLANNED -> {
                planned();
                faulty();
            }
            default -> faulty();
        }
        world.trace(() -> "--- all is healed");
        faults.heal();
        if (kind == Kind.SCALE) {
            world.at(world.now + 8_000_000, this::heedTheCondition);
        }
        untilReady("recovery", 30_000_000);
        untilAcknowledged();
        if (kind == Kind.FULL_DISKS) {
            fullMaster();
        }
    }

    /** All is well, and the master cannot write any more: another has to take over, with all that was acknowledged. */
    private void fullMaster() {
        untilReady("recovery", 30_000_000);
        SimPod master = Objects.requireNonNull(group.masterPod());
        world.trace(() -> "the disk of " + master.node + " is full for good");
        master.disk.full = true;
        if (master.node.hasReplicaThatStays()) {
            world.checks.owes(master.node);
        }
        untilAcknowledged();
    }

    private void untilAcknowledged() {
        int acks = world.checks.acks;
        long end = world.now + 15_000_000;
        while (world.checks.acks == acks) {
            if (world.now >= end) {
                world.fail("no write is acknowledged though the group was ready");
            }
            world.run(world.now + 100_000);
        }
    }

    /** Only a pod beyond the spec has the data: the operator waits and says so, and somebody raises spec.replicas. */
    private void heedTheCondition() {
        if (!group.unready().isEmpty()) {
            int pods = group.replicas;
            for (int i = 0; i < World.NAMES.length; i++) {
                pods = group.kubelets.pods[i] == null ? pods : Math.max(pods, i + 1);
            }
            group.scale(pods);
        }
    }

    private void untilReady(String what, long limit) {
        long end = world.now + limit;
        while (!group.unready().isEmpty()) {
            if (world.now >= end) {
                world.fail("not ready " + limit / 1_000_000 + " s after " + what + ": " + group.unready() + "; status "
                        + group.api.status + "; " + group.lastWord);
            }
            world.run(world.now + 50_000);
        }
    }

    private void faulty() {
        int count = 1 + random.nextInt(6);
        List<Faults.Fault> possible = faults.of(kind);
        long span = 500_000 + random.nextInt(2_500_000);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(world.now + (i == 0 ? 0 : random.nextLong(span)));
        }
        for (long time : times) {
            Faults.Fault fault = possible.get(random.nextInt(possible.size()));
            world.at(time, () -> fault.strike());
        }
        world.run(world.now + span + random.nextInt(1_500_000));
    }

    /** Nothing else happens: every order is carried out. */
    private void planned() {
        untilReady("first start", 15_000_000);
        for (int i = 0; i < 3; i++) {
            int from = Objects.requireNonNull(group.masterPod()).ordinal;
            int to = (from + 1 + random.nextInt(group.replicas - 1)) % group.replicas;
            group.order(World.NAMES[to]);
            long end = world.now + 3_000_000;
            while (!group.api.status.master().equals(World.NAMES[to])
                    || !group.unready().isEmpty()) {
                if (world.now >= end) {
                    world.fail(World.NAMES[to] + " is not master though it was asked for and nothing else happened");
                }
                world.run(world.now + 20_000);
            }
            long forgotten = world.now + 3_000_000;
            while (!group.wishes.order().isEmpty()) {
                if (world.now >= forgotten) {
                    world.fail("an order that was carried out stays on the resource");
                }
                world.run(world.now + 20_000);
            }
        }
    }

    private void pathOnly() {
        int before = world.checks.promotions;
        long end = world.now + 3_000_000;
        while (world.now < end) {
            SimPod master = group.masterPod();
            if (master == null) {
                world.fail("no master though only the path between operator and master broke");
                return;
            }
            faults.operatorPath(master.ordinal);
            world.run(world.now + 100_000 + random.nextInt(1_500_000));
            mustBeUntouched(before, "the path between operator and master broke");
        }
    }

    private void noOperator() {
        int before = world.checks.promotions;
        group.operatorComesBack = false;
        group.operators.getFirst().die();
        for (int i = 0; i < 4; i++) {
            world.run(world.now + 1_000_000);
            mustBeUntouched(before, "the operator is away");
        }
        group.operatorComesBack = true;
        group.restartOperator(World.OPERATOR);
        world.run(world.now + 1_000_000);
        mustBeUntouched(before, "the operator came back");
    }

    /** The operator's connections to some are refused, nothing else. */
    private void lockedOut() {
        int before = world.checks.promotions;
        faults.lockOut();
        group.operators.getFirst().die();
        for (int i = 0; i < 3; i++) {
            world.run(world.now + 500_000 + random.nextInt(1_000_000));
            mustBeUntouched(before, "members take no password");
        }
    }

    private void mustBeUntouched(int promotions, String cause) {
        if (world.checks.promotions != promotions) {
            world.fail("a new master though only " + cause);
        }
        if (world.now - world.checks.lastAckAt > 600_000) {
            world.fail("writes stopped though only " + cause);
        }
    }
}
