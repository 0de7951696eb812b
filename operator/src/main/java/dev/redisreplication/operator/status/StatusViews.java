package dev.redisreplication.operator.status;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.StatusView;

/** Reads from a status what decisions need. */
public final class StatusViews {

    private StatusViews() {}

    /** The part of a status that decisions depend on. */
    public static StatusView of(RedisReplicationGroupStatus status) {
        var history = status.history();
        var lease = status.lease();
        return new StatusView(
                status.term() == null ? 0 : status.term(),
                text(status.master()),
                text(status.masterUid()),
                history == null
                        ? History.UNKNOWN
                        : new History(
                                text(history.replid()),
                                text(history.replid2()),
                                history.secondOffset() == null ? -1 : history.secondOffset()),
                lease == null || lease.milliseconds() == null || lease.replicas() == null
                        ? null
                        : new LeaseGrant(lease.milliseconds(), lease.replicas()));
    }

    /** Whether nobody has ever led: what comes before that is a start, however often it is tried. */
    public static boolean isBeginning(RedisReplicationGroupStatus status) {
        return status.master() == null && status.masterUid() == null;
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
