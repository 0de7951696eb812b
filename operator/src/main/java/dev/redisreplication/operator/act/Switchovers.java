package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.SwitchoverStatus;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.ledger.Ledger;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.Goal;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.Members;
import dev.redisreplication.operator.observe.MovesView.Attempt;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Carries out planned switchovers up to the moment in which their term begins, and says what became of each: by an event, and in
 * {@code status.switchover}. Only the group's loop calls it.
 */
public final class Switchovers {

    private static final Logger LOG = Logger.getLogger(Switchovers.class);
    /** An order that is over is taken off the resource; if that fails, once more after this. */
    private static final long FORGET_EVERY_MS = 1_000;

    private final String group;
    private final Members members;
    private final Ledger ledger;
    private final Cluster cluster;
    private final Clock clock;
    private final InstantSource wall;
    private final Orders orders;
    private final Runnable changed;
    private SwitchoverStatus outcome;
    private long sentAt;
    private long forgetAt = Long.MIN_VALUE;

    Switchovers(
            String group,
            Members members,
            Ledger ledger,
            Cluster cluster,
            Clock clock,
            InstantSource wall,
            Orders orders,
            Runnable changed) {
        this.group = group;
        this.members = members;
        this.ledger = ledger;
        this.cluster = cluster;
        this.clock = clock;
        this.wall = wall;
        this.orders = orders;
        this.changed = changed;
    }

    /** What became of the last one, empty as long as this process knows of none. */
    Optional<SwitchoverStatus> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** Takes an order that is over off the resource, when nothing else is to be written. */
    void tidy(GroupView view) {
        String order = view.spec().wishes().order();
        boolean over = !order.isEmpty() && order.equals(view.moves().settled()) && view.transition() == null;
        if (over && view.now() >= forgetAt) {
            forgetAt = view.now() + FORGET_EVERY_MS;
            var _ = cluster.forgetOrder(order);
        }
    }

    /** Tells the master to hold writes back. */
    void begin(GroupView view, Decision.Yield order) {
        MemberProbe master = members.probe(order.from().member()).orElse(null);
        if (master == null || ledger.moves().view().attempt() != null) {
            return;
        }
        Goal goal = order.goal();
        String from = order.from().member();
        if (goal.force()) {
            cluster.announce(
                    true,
                    "SwitchoverForced",
                    order.to() + " lacks " + order.lag() + " bytes of " + from
                            + " now; what it still lacks at the end of the pause will be lost");
        }
        String what = from + " holds writes back for at most " + order.milliseconds() + " ms, to hand over to "
                + order.to() + ", which lacks " + order.lag() + " bytes now (" + goal.askedBy() + ")";
        LOG.infof("%s: %s", group, what);
        cluster.announce(false, "SwitchoverStarted", what);
        ledger.moves().begun(goal, order.term(), order.to(), order.milliseconds());
        sentAt = clock.millis();
        var _ = orders.send(
                master,
                order.from(),
                (reply, failure) -> begun(master, order, Orders.problem(reply, failure)),
                "LEASE",
                "YIELD",
                Long.toString(order.term()),
                Long.toString(order.milliseconds()));
    }

    private void begun(MemberProbe master, Decision.Yield order, String problem) {
        Attempt attempt = ledger.moves().view().attempt();
        if (attempt == null || attempt.term() != order.term()) {
            return;
        }
        if (problem.isEmpty()) {
            ledger.moves().paused(clock.millis());
            master.askNow();
            members.probe(order.to()).ifPresent(MemberProbe::askNow);
        } else {
            failed(attempt, master.name() + " did not hold writes back: " + problem);
        }
        changed.run();
    }

    /** The master shall go on. */
    void giveUp(Decision.GiveUp order) {
        Attempt attempt = ledger.moves().view().attempt();
        if (attempt == null || attempt.term() != order.term()) {
            return;
        }
        failed(attempt, order.message());
        MemberProbe master = members.probe(order.from().member()).orElse(null);
        if (master != null) {
            var _ = orders.send(
                    master,
                    order.from(),
                    (reply, failure) -> {
                        orders.confirmed(order.from(), reply, failure);
                        master.askNow();
                    },
                    "LEASE",
                    "RESUME",
                    Long.toString(order.term()));
        }
        changed.run();
    }

    private void failed(Attempt attempt, String why) {
        failed(attempt.goal(), attempt.target(), why);
    }

    private void failed(Goal goal, String target, String why) {
        ledger.moves().gaveUp(goal, clock.millis());
        settled(goal);
        say(true, "SwitchoverFailed", goal, target, "Failed", why);
    }

    /** An order need not or cannot be carried out. */
    void settle(Decision.Settle decision) {
        Goal goal = decision.goal();
        if (decision.refused()) {
            settled(goal);
            say(true, "SwitchoverRefused", goal, goal.target(), "Refused", decision.message());
        } else {
            settled(goal);
            say(false, "SwitchoverNotNeeded", goal, goal.target(), "NotNeeded", decision.message());
        }
        changed.run();
    }

    private void settled(Goal goal) {
        if (goal.isOrder()) {
            ledger.moves().settled(goal.order());
        }
    }

    /** The term of the one under way is written: from here on it goes as any failover does. */
    void inTerm(Attempt attempt) {
        settled(attempt.goal());
    }

    /** When the master was told last to hold writes back (monotonic ms). */
    long sentAt() {
        return sentAt;
    }

    /** It is over, with this account of it. */
    void over(FailoverRecord record, String master) {
        Attempt attempt = record.plan();
        if (master.equals(record.from())) {
            failed(
                    attempt.goal(),
                    attempt.target(),
                    master + " is master again, in term " + record.term() + ": " + attempt.target()
                            + " could not take over, and nothing is lost");
            return;
        }
        ledger.moves().done();
        say(
                false,
                "SwitchedOver",
                attempt.goal(),
                master,
                "Done",
                master + " is master of term " + record.term() + " after a pause of " + record.pauseMillis() + " ms ("
                        + attempt.goal().askedBy() + ")");
    }

    private void say(boolean warning, String event, Goal goal, String target, String result, String message) {
        LOG.infof("%s: %s: %s", group, event, message);
        cluster.announce(warning, event, message);
        outcome = new SwitchoverStatus(
                target.isEmpty() ? null : target,
                goal.askedBy().name(),
                result,
                message,
                wall.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
