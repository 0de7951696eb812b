package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The API server: the resource's status with its version, the pods as reported, the leader's lease, watches. */
final class Api {
    /** Status as stored. */
    record Status(long version, long term, String master, String masterPod, History history, LeaseGrant grant) {
        Status begun(long next, LeaseGrant lease) {
            return new Status(0, next, "", masterPod, history, lease);
        }

        Status named(long of, String name, String pod, History now) {
            return new Status(0, of, name, pod, now, grant);
        }

        Status granting(LeaseGrant lease) {
            return new Status(0, term, master, masterPod, history, lease);
        }

        Status inheriting(History now) {
            return new Status(0, term, master, masterPod, now, grant);
        }
    }

    /** The leader's lease as stored; {@code renewals} counts writes. */
    record Leader(String holder, long renewals) {}

    private final World world;
    Status status = new Status(1, 0, "", "", History.UNKNOWN, null);
    Leader leader = new Leader("", 0);
    final PodView[] pods = new PodView[World.NAMES.length];
    final List<SimOperator> watchers = new ArrayList<>();
    /** Largest delay of a watch event and of a request. */
    int maxDelay = 4_000;

    Api(World world) {
        this.world = world;
    }

    // --- requests

    /** Runs {@code atServer} there and hands its result back; either way may be cut, then {@code unknown} runs. */
    <T> void call(Actor caller, Supplier<T> atServer, Consumer<T> reply, Runnable unknown) {
        boolean[] done = new boolean[1];
        caller.later(700_000, () -> {
            if (!done[0]) {
                done[0] = true;
                unknown.run();
            }
        });
        world.at(world.now + delay(), () -> {
            if (world.blocked(caller.zone, World.API)) {
                return;
            }
            T result = atServer.get();
            world.at(world.now + delay(), () -> {
                if (!world.blocked(World.API, caller.zone)) {
                    caller.exec(() -> {
                        if (!done[0]) {
                            done[0] = true;
                            reply.accept(result);
                        }
                    });
                }
            });
        });
    }

    private long delay() {
        return 300 + world.random.nextInt(maxDelay);
    }

    /** Compare and set; null on conflict. */
    Status writeStatus(long version, Status next) {
        if (world.rules.keep(Rules.Rule.TERMS_ARE_WRITTEN_BY_CAS) && version != status.version) {
            return null;
        }
        world.checks.statusWritten(status.term, next.term);
        setStatus(next);
        return status;
    }

    /** Without any comparison, as somebody with kubectl may. */
    void setStatus(Status next) {
        status = new Status(status.version + 1, next.term, next.master, next.masterPod, next.history, next.grant);
        Status now = status;
        world.trace(() -> "status " + now);
        for (SimOperator watcher : watchers) {
            watcher.watched(() -> watcher.statusSeen(now));
        }
    }

    void setLabel(int ordinal, RoleLabel role) {
        PodView pod = pods[ordinal];
        if (pod != null && pod.role() != role) {
            publish(
                    ordinal,
                    new PodView(pod.uid(), pod.endedBefore(), pod.ready(), pod.deleting(), pod.ip(), role, ""));
        }
    }

    void publish(int ordinal, PodView pod) {
        pods[ordinal] = pod;
        for (SimOperator watcher : watchers) {
            watcher.watched(() -> watcher.podSeen(ordinal, pod));
        }
    }

    /** When an event that happens now reaches that watcher. */
    long watchDelay() {
        return 200 + world.random.nextInt(maxDelay);
    }
}
