package dev.redisreplication.operator.act;

import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.ledger.Ledger;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.NodeLink;
import org.jboss.logging.Logger;

/** Renews leases: on each answer of a master that is to be renewed. Only the group's loop calls it. */
public final class Heartbeats {

    private static final Logger LOG = Logger.getLogger(Heartbeats.class);

    private final String group;
    private final Ledger ledger;
    private final Clock clock;
    private final Leadership leadership;
    private final Runnable changed;

    /** @param changed called when a master confirmed its first lease */
    public Heartbeats(String group, Ledger ledger, Clock clock, Leadership leadership, Runnable changed) {
        this.group = group;
        this.ledger = ledger;
        this.clock = clock;
        this.leadership = leadership;
        this.changed = changed;
    }

    /** Sends a renewal through the member that has just answered, if it is meant for that answer. */
    public void beat(MemberProbe probe, Heartbeat.Renew renew) {
        MemberProbe.Seen seen = probe.seen();
        if (!renew.target().member().equals(probe.name()) || seen.facts().clock() != renew.clock()) {
            return;
        }
        if (!leadership.leading()) {
            return;
        }
        ledger.renewing(renew.grant(), seen.answeredAt());
        var _ = probe.order(
                        renew.target().runId(),
                        "LEASE",
                        "RENEW",
                        Long.toString(renew.term()),
                        Long.toString(renew.grant().ttlMs()),
                        Integer.toString(renew.grant().replicas()),
                        Long.toString(renew.clock()))
                .whenComplete((reply, failure) -> answered(probe, renew, reply));
    }

    private void answered(MemberProbe probe, Heartbeat.Renew renew, Object reply) {
        if (reply instanceof NodeLink.Refusal refusal) {
            LOG.infof("%s: %s refused the renewal of its lease: %s", group, probe.name(), refusal.message());
        } else if (reply instanceof Long && ledger.renewed(renew.term(), renew.grant(), clock.millis())) {
            // What it says next shows the lease.
            probe.askNow();
            changed.run();
        }
    }
}
