package dev.redisreplication.operator.act;

import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Mailbox;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import org.jboss.logging.Logger;

/**
 * Sets role labels, all at the same time and beside everything else: no order to a node waits for the API server. One set of
 * labels is under way at a time.
 */
final class Routing {

    private static final Logger LOG = Logger.getLogger(Routing.class);

    private final String group;
    private final Cluster cluster;
    private final Mailbox mailbox;
    private final Pass pass;
    private final Runnable changed;
    private int pending;

    /** @param changed called when a set of labels is done, well or not */
    Routing(String group, Cluster cluster, Mailbox mailbox, Pass pass, Runnable changed) {
        this.group = group;
        this.cluster = cluster;
        this.mailbox = mailbox;
        this.pass = pass;
        this.changed = changed;
    }

    /** Whether labels are being set. */
    boolean isPending() {
        return pending > 0;
    }

    /**
     * Begins to set labels, unless some are still being set; then it is decided anew when they are.
     *
     * @param led called when the master's label is among them and was set
     */
    void begin(GroupView view, Decision.Route route, Runnable led) {
        if (isPending()) {
            return;
        }
        route.labels().forEach((member, role) -> {
            PodView pod = view.member(member).map(found -> found.pod()).orElse(null);
            if (pod != null && pod.role() != role && pass.begin()) {
                pending++;
                var _ = cluster.label(member, pod.uid(), role)
                        .whenComplete((set, failure) ->
                                mailbox.post(() -> over(member, role, Boolean.TRUE.equals(set), led)));
            }
        });
    }

    private void over(String member, RoleLabel role, boolean set, Runnable led) {
        pending--;
        try {
            if (set && role == RoleLabel.MASTER) {
                led.run();
            }
            LOG.infof("%s: %s %s", group, member, set ? where(role) : "could not be labelled yet");
            if (pending == 0) {
                changed.run();
            }
        } finally {
            pass.end();
        }
    }

    private static String where(RoleLabel label) {
        return switch (label) {
            case MASTER -> "is in the read-write Service";
            case REPLICA -> "is in the read-only Service";
            case ABSENT -> "is in no Service";
        };
    }
}
