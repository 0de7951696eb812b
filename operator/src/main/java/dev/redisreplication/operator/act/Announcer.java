package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.status.StatusComposer.Finding;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Says by an event what has just changed for the worse or the better: each thing once. Only the group's loop calls it. */
public final class Announcer {

    private static final Logger LOG = Logger.getLogger(Announcer.class);
    /**
     * The short waits within a failover are in status.lastFailover; only the others deserve an event. Members that take no password
     * are announced by their names.
     */
    private static final Set<Situation> WITHOUT_EVENT = Set.of(
            Situation.WaitingForFence,
            Situation.WaitingForPromotion,
            Situation.PasswordMismatch,
            Situation.PermissionDenied);

    private final String group;
    private final Cluster cluster;
    private Situation announced = Situation.Healthy;
    private List<String> denied = List.of();

    public Announcer(String group, Cluster cluster) {
        this.group = group;
        this.cluster = cluster;
    }

    void situation(GroupView view, Finding finding, RedisReplicationGroupStatus status) {
        Situation now = finding.situation();
        if (now == announced) {
            return;
        }
        announced = now;
        if (now == Situation.Healthy || now == Situation.NotLeader) {
            LOG.infof("%s: %s", group, now);
            return;
        }
        LOG.infof("%s: %s: %s", group, now, finding.message());
        if (!WITHOUT_EVENT.contains(now)) {
            cluster.announce(!isBeginning(view, status), now.name(), finding.message());
        }
    }

    /** Nobody has led yet: members that are still to come are nothing to warn of. */
    private static boolean isBeginning(GroupView view, RedisReplicationGroupStatus status) {
        TransitionView change = view.transition();
        boolean first = change != null && change.suspects() == TransitionView.Suspects.NOBODY;
        return status.term() == null || status.term() == 0 || first;
    }

    /** Members that cannot keep data, before and now; "" for none. */
    void storage(String before, String now) {
        if (before.equals(now)) {
            return;
        }
        LOG.infof("%s: members that cannot keep data: %s", group, now.isEmpty() ? "none any more" : now);
        cluster.announce(
                !now.isEmpty(),
                now.isEmpty() ? "MembersPersistAgain" : "MembersCannotPersist",
                now.isEmpty() ? "all members keep their data again" : now);
    }

    /** Members that do not let the operator in, or forbid it something. */
    void denied(GroupView view, String secretName) {
        List<MemberView> now = view.members().stream()
                .filter(member -> !member.denial().isEmpty())
                .toList();
        boolean forbidden = now.stream().allMatch(MemberView::forbids);
        List<String> names = now.stream().map(MemberView::name).toList();
        if (!names.isEmpty() && !names.equals(denied)) {
            String message = now.stream().map(MemberView::nameWithDenial).collect(Collectors.joining(", "))
                    + (forbidden
                            ? ": the rules of the user default forbid what the operator needs"
                            : ": no password known is taken; is that in the Secret " + secretName
                                    + " right, and the user default on?");
            LOG.infof("%s: %s", group, message);
            Situation situation = forbidden ? Situation.PermissionDenied : Situation.PasswordMismatch;
            cluster.announce(true, situation.name(), message);
        }
        denied = names;
    }
}
