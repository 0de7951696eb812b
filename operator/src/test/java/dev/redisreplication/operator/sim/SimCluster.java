package dev.redisreplication.operator.sim;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.act.Cluster;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import java.util.concurrent.CompletableFuture;

/** The API server as an operator's client has it. What a process that has died asked for never comes about here. */
final class SimCluster implements Cluster {
    private final SimOperator operator;
    private final Api api;

    SimCluster(SimOperator operator, Api api) {
        this.operator = operator;
        this.api = api;
    }

    @Override
    public CompletableFuture<Written> write(Stored from, RedisReplicationGroupStatus next) {
        CompletableFuture<Written> answer = new CompletableFuture<>();
        if (operator.acts("writes term " + next.term() + " master " + next.master())) {
            api.call(
                    operator,
                    () -> {
                        boolean done = api.writeStatus(Long.parseLong(from.version()), next);
                        return new Written(done, api.status.stored());
                    },
                    answer::complete,
                    () -> reread(answer));
        }
        return answer;
    }

    private void reread(CompletableFuture<Written> answer) {
        api.call(
                operator,
                () -> api.status,
                status -> answer.complete(new Written(false, status.stored())),
                () -> answer.complete(new Written(false, null)));
    }

    @Override
    public CompletableFuture<Boolean> label(String pod, String uid, RoleLabel role) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        if (operator.acts("labels " + pod + " " + role)) {
            api.call(operator, () -> set(pod, uid, role), answer::complete, () -> answer.complete(false));
        }
        return answer;
    }

    private boolean set(String pod, String uid, RoleLabel role) {
        int ordinal = SimOperator.ordinalOf(pod);
        PodView now = api.pods[ordinal];
        boolean same = now != null && now.uid().equals(uid);
        if (same) {
            api.setLabel(ordinal, role);
        }
        return same;
    }

    @Override
    public CompletableFuture<Boolean> forgetOrder(String order) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        api.call(operator, () -> operator.group.forgetOrder(order), answer::complete, () -> answer.complete(false));
        return answer;
    }

    @Override
    public void announce(boolean warning, String reason, String message) {
        operator.world.trace(() -> operator.name + " says " + reason + ": " + message);
    }
}
