package dev.redisreplication.kubectl.group;

import dev.redisreplication.api.v1alpha1.SwitchoverStatus;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An order to the operator to make another member master, and what becomes of it. */
public final class Switchover {
    private static final String ORDER = "redis-replication.dev/switchover";
    private static final String FORCE = "redis-replication.dev/switchover-force";
    private static final String ANY = "any";

    private final Found found;
    private final String target;

    /**
     * What became of the order.
     *
     * @param outcome Done, NotNeeded, Refused or Failed; empty when nothing did in time
     * @param message why
     */
    public record Outcome(String outcome, String message) {
        /** Whether the target is master. */
        public boolean isGood() {
            return outcome.equals("Done") || outcome.equals("NotNeeded");
        }
    }

    /** To the pod that the user named, or else to the one that has most. */
    public Switchover(Found found) {
        this.found = found;
        this.target = found.pod().isEmpty() ? ANY : found.pod();
    }

    /** Gives the order and waits for the operator to take it off again. */
    public Outcome order(boolean force, Duration patience) throws InterruptedException {
        SwitchoverStatus before = status();
        String patch = "{\"metadata\":{\"annotations\":{\"" + ORDER + "\":\"" + target + "\",\"" + FORCE + "\":"
                + (force ? "\"true\"" : "null") + "}}}";
        found.resource().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            SwitchoverStatus now = status();
            // The operator takes the order off when it has written what became of it.
            if (now != null && !now.equals(before) && !isOrdered()) {
                return new Outcome(now.outcome(), now.message() == null ? "" : now.message());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return new Outcome("", "");
    }

    private boolean isOrdered() {
        Map<String, String> annotations = found.read().getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(ORDER);
    }

    private SwitchoverStatus status() {
        return found.read().getStatus().switchover();
    }
}
