package dev.redisreplication.node.sentinel;

/** A master or a replica: what its INFO said last. */
abstract class DataNode extends Instance {
    /** Monotonic milliseconds of the last INFO; 0 if there was none. */
    long infoAt;
    /** When INFO was asked for that has not come; 0 if none is under way. */
    long infoAskedAt;

    String info = "";
    /** The role that it says it has; what we take it for at first. */
    Kind reportedRole;

    long roleReportedAt;
    /** A replica: when it has last changed its master. */
    long masterChangedAt;
    /** Milliseconds for which its link to its master has been down. */
    long masterLinkDown;

    boolean masterLinkUp;
    String masterHost = "";
    int masterPort;
    int priority = 100;
    long offset;
    boolean announced = true;

    DataNode(Kind kind, String name, Address address, long downAfter, long now) {
        super(kind, name, address, downAfter, now);
        reportedRole = kind;
        roleReportedAt = now;
        masterChangedAt = now;
    }
}
