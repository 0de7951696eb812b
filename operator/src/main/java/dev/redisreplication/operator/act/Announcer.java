package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.status.StatusComposer.Finding;
import dev.redisreplication.operator.status.StatusViews;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Says by an event what is wrong and lasts: each thing once, and nothing that a start or a failover only passes through. Only the
 * group's loop calls it.
 */
public final class Announcer {

    private static final Logger LOG = Logger.getLogger(Announcer.class);
    /** What has stood for so long is no step of a failover, which takes about a second; longer leases make it longer. */
    private static final long LASTING_MS = 3_000;
    /** While a group is started for the first time, images are pulled and volumes attached: that members are missing is no fault. */
    private static final long START_MS = 60_000;
    /**
     * The waits within a failover are in status.lastFailover; only the others deserve an event. Members that take no password
     * are announced by their names.
     */
    private static final Set<Situation> WITHOUT_EVENT = Set.of(
            Situation.WaitingForFence,
            Situation.WaitingForPromotion,
            Situation.PasswordMismatch,
            Situation.PermissionDenied);

    private enum Said {
        NOTHING,
        HINT,
        WARNING
    }

    private final String group;
    private final Cluster cluster;
    private final Standing<Situation> situation = new Standing<>(Situation.Healthy);
    private final Standing<List<String>> denied = new Standing<>(List.of());

    public Announcer(String group, Cluster cluster) {
        this.group = group;
        this.cluster = cluster;
    }

    /** Something, since when it has been so, and what was said of it. */
    private static final class Standing<T> {
        private T what;
        private long since;
        private Said said = Said.NOTHING;

        Standing(T first) {
            what = first;
        }

        /** For how long it has been so. While the loop stood still nobody looked: that time does not count. */
        long of(T now, GroupView view) {
            if (!now.equals(what)) {
                what = now;
                since = view.now();
                said = Said.NOTHING;
            }
            return view.now() - Math.max(since, view.steadySince());
        }
    }

    /** Looks at what is decided now. To be called whenever it is decided. */
    void look(GroupView view, Finding finding, RedisReplicationGroupStatus status, String secretName) {
        situation(view, finding, status);
        denied(view, secretName);
    }

    private static long lasting(GroupView view) {
        return Math.max(LASTING_MS, 2 * view.spec().leaseMs());
    }

    private void situation(GroupView view, Finding finding, RedisReplicationGroupStatus status) {
        Situation now = finding.situation();
        Said before = situation.said;
        long stood = situation.of(now, view);
        if (now == Situation.Healthy || now == Situation.NotLeader) {
            if (before != Said.NOTHING && situation.said == Said.NOTHING) {
                LOG.infof("%s: %s", group, now);
            }
            return;
        }
        boolean lasts = stood >= lasting(view);
        Said due =
                !lasts ? Said.NOTHING : StatusViews.isBeginning(status) && stood < START_MS ? Said.HINT : Said.WARNING;
        if (due.compareTo(situation.said) > 0) {
            situation.said = due;
            LOG.infof("%s: %s: %s", group, now, finding.message());
            if (!WITHOUT_EVENT.contains(now)) {
                cluster.announce(due == Said.WARNING, now.name(), finding.message());
            }
        }
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
    private void denied(GroupView view, String secretName) {
        List<MemberView> now = view.members().stream()
                .filter(member -> !member.denial().isEmpty())
                .toList();
        List<String> names = now.stream().map(MemberView::name).toList();
        boolean lasts = denied.of(names, view) >= lasting(view);
        if (names.isEmpty() || !lasts || denied.said != Said.NOTHING) {
            return;
        }
        denied.said = Said.WARNING;
        boolean forbidden = now.stream().allMatch(MemberView::forbids);
        String message = now.stream().map(MemberView::nameWithDenial).collect(Collectors.joining(", "))
                + (forbidden
                        ? ": the rules of the user default forbid what the operator needs"
                        : ": no password known is taken; is that in the Secret " + secretName
                                + " right, and the user default on?");
        LOG.infof("%s: %s", group, message);
        Situation kind = forbidden ? Situation.PermissionDenied : Situation.PasswordMismatch;
        cluster.announce(true, kind.name(), message);
    }
}
