package dev.redisreplication.operator.sim;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.act.Cluster.Stored;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.status.StatusViews;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The API server: the resource's status with its version, the pods as reported, the leader's lease, watches. */
final class Api {
    /** Status as stored. */
    record Status(long version, RedisReplicationGroupStatus written, StatusView view) {
        static Status of(long version, RedisReplicationGroupStatus written) {
            return new Status(version, written, StatusViews.of(written));
        }

        long term() {
            return view.term();
        }

        /** "" for none. */
        String master() {
            return view.master();
        }

        Stored stored() {
            return new Stored(Long.toString(version), written);
        }
    }

    /** The leader's lease as stored; {@code renewals} counts writes. */
    record Leader(String holder, long renewals) {}

    private final World world;
    Status status = Status.of(1, RedisReplicationGroupStatus.empty());
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

    /** Compares and sets; returns whether nobody else has written since that version. */
    boolean writeStatus(long version, RedisReplicationGroupStatus next) {
        if (world.rules.keep(Rules.Rule.TERMS_ARE_WRITTEN_BY_CAS) && version != status.version) {
            return false;
        }
        world.checks.statusWritten(status.term(), StatusViews.of(next).term());
        setStatus(next);
        return true;
    }

    /** Without any comparison, as somebody with kubectl may. */
    void setStatus(RedisReplicationGroupStatus next) {
        status = Status.of(status.version + 1, next);
        Status now = status;
        world.trace(() -> "status " + now.version + ": " + now.view);
        for (SimOperator watcher : watchers) {
            watcher.watched(() -> watcher.statusSeen(now));
        }
    }

    void specChanged() {
        for (SimOperator watcher : watchers) {
            watcher.watched(watcher::specSeen);
        }
    }

    void setLabel(int ordinal, RoleLabel role) {
        PodView pod = pods[ordinal];
        if (pod != null && pod.role() != role) {
            publish(
                    ordinal,
                    new PodView(
                            pod.uid(), pod.endedBefore(), pod.ready(), pod.deleting(), pod.ip(), role, "", pod.over()));
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
