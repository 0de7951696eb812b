package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;

/** StatefulSet controller and kubelets: they start and restart processes, and report with delay. */
final class Kubelets {
    /** From SIGTERM to SIGKILL. */
    private static final long GRACE_MICROS = 12_000_000;

    private final World world;
    private final Api api;
    /** Whether data outlive a process. */
    private final boolean appendOnly;
    /** Whether they outlive a pod. */
    private final boolean volumes;
    /** The pod now behind each ordinal, null while there is none. */
    final SimPod[] pods = new SimPod[World.NAMES.length];

    private final SimPod.Disk[] disks = new SimPod.Disk[World.NAMES.length];
    int maxReportDelay = 300_000;
    int maxRestartDelay = 900_000;

    Kubelets(World world, Api api, boolean appendOnly, boolean volumes) {
        this.world = world;
        this.api = api;
        this.appendOnly = appendOnly;
        this.volumes = volumes;
    }

    void create(int ordinal) {
        if (pods[ordinal] != null || ordinal >= world.replicas) {
            return;
        }
        if (disks[ordinal] == null || !volumes) {
            forget(ordinal);
            disks[ordinal] = new SimPod.Disk(world);
        }
        SimPod pod = new SimPod(world, ordinal, disks[ordinal]);
        pods[ordinal] = pod;
        world.pods.add(pod);
        publish(pod, "");
        world.at(world.now + 20_000 + world.random.nextInt(300_000), () -> start(pod));
    }

    /** Data of somebody else, as after a volume was restored to the wrong place. */
    void giveForeignData(int ordinal, long offset) {
        forget(ordinal);
        disks[ordinal] = new SimPod.Disk(world);
        disks[ordinal].data = Entry.foreign(offset);
    }

    private void forget(int ordinal) {
        if (disks[ordinal] != null) {
            disks[ordinal].data.heldBy(ordinal, false);
        }
    }

    private void start(SimPod pod) {
        if (pods[pod.ordinal] != pod || pod.deleting || (pod.node != null && pod.node.alive)) {
            return;
        }
        for (SimNode other : world.nodes) {
            if (other.alive && other.pod.disk == pod.disk) {
                // The volume is still in use by a process that should be gone.
                world.at(world.now + 200_000, () -> start(pod));
                return;
            }
        }
        pod.node = new SimNode(world, pod);
        world.nodes.add(pod.node);
        world.trace(() -> "started " + pod.node);
        report(pod, 0);
    }

    private void report(SimPod pod, long endedBefore) {
        world.at(world.now + 2_000 + world.random.nextInt(maxReportDelay), () -> {
            pod.endedBefore = Math.max(pod.endedBefore, endedBefore);
            if (pods[pod.ordinal] == pod) {
                publish(pod, pod.ip);
            }
        });
    }

    private void publish(SimPod pod, String ip) {
        PodView before = api.pods[pod.ordinal];
        RoleLabel role = before != null && before.uid().equals(pod.uid) ? before.role() : RoleLabel.ABSENT;
        api.publish(
                pod.ordinal, new PodView(pod.uid, pod.endedBefore, !pod.ended, pod.deleting, ip, role, "", pod.ended));
    }

    /** The process is killed; the container is started again. */
    void crash(SimPod pod) {
        if (pod.node == null || !pod.node.alive) {
            return;
        }
        world.trace(() -> "killed " + pod.node);
        end(pod);
        if (!pod.orphan) {
            report(pod, world.wallMs() / 1000 * 1000);
            world.at(world.now + 100_000 + world.random.nextInt(maxRestartDelay), () -> start(pod));
        }
    }

    /** Its process ended by itself. */
    void exited(SimPod pod) {
        world.trace(() -> "ended by itself " + pod.node);
        end(pod);
    }

    private void end(SimPod pod) {
        pod.node.die();
        if (!appendOnly) {
            pod.disk.data.heldBy(pod.ordinal, false);
            pod.disk.wipe(world);
        }
    }

    /** The pod object goes at once, the process goes on; a new pod takes the name. */
    void deleteByForce(int ordinal) {
        SimPod pod = pods[ordinal];
        if (pod == null) {
            return;
        }
        world.trace(() -> "deleted by force " + pod.name() + ", still runs: " + pod.node);
        pod.orphan = true;
        pods[ordinal] = null;
        api.publish(ordinal, null);
        world.at(world.now + 50_000 + world.random.nextInt(400_000), () -> create(ordinal));
    }

    void delete(int ordinal) {
        SimPod pod = pods[ordinal];
        if (pod == null || pod.deleting) {
            return;
        }
        world.trace(() -> "deleting " + pod.name());
        pod.deleting = true;
        publish(pod, api.pods[ordinal].ip());
        world.at(world.now + 5_000 + world.random.nextInt(100_000), () -> terminate(pod, () -> remove(ordinal, pod)));
    }

    /** The process is told to end; the container is started again. */
    void restart(SimPod pod) {
        terminate(pod, () -> {
            if (!pod.orphan && !pod.deleting) {
                report(pod, world.wallMs() / 1000 * 1000);
                world.at(world.now + 100_000 + world.random.nextInt(maxRestartDelay), () -> start(pod));
            }
        });
    }

    private void terminate(SimPod pod, Runnable ended) {
        SimNode node = pod.node;
        if (node == null || !node.alive) {
            ended.run();
            return;
        }
        node.exec(node::terminate);
        awaitEnd(pod, node, world.now + GRACE_MICROS, ended);
    }

    private void awaitEnd(SimPod pod, SimNode node, long killAt, Runnable ended) {
        if (node.alive && world.now < killAt) {
            world.at(world.now + 10_000 + world.random.nextInt(60_000), () -> awaitEnd(pod, node, killAt, ended));
            return;
        }
        if (node.alive) {
            end(pod);
        }
        ended.run();
    }

    private void remove(int ordinal, SimPod pod) {
        if (pods[ordinal] != pod) {
            return;
        }
        pod.endedBefore = Math.max(pod.endedBefore, world.wallMs() / 1000 * 1000);
        pod.ended = true;
        publish(pod, pod.ip);
        world.at(world.now + 20_000, () -> {
            if (pods[ordinal] != pod) {
                return;
            }
            pods[ordinal] = null;
            api.publish(ordinal, null);
            world.at(world.now + 50_000 + world.random.nextInt(300_000), () -> create(ordinal));
        });
    }
}
