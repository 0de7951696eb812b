package dev.redisreplication.node.replication.io;

import static dev.redisreplication.node.config.Directives.MIN_REPLICAS_MAX_LAG;
import static dev.redisreplication.node.config.Directives.MIN_REPLICAS_TO_WRITE;
import static dev.redisreplication.node.config.Directives.REPLICA_READ_ONLY;
import static dev.redisreplication.node.config.Directives.REPLICA_SERVE_STALE_DATA;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Gate;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.replication.ManagedNode.Role;
import dev.redisreplication.node.store.ExpiryMode;

/** What a node may do in its role. What changes seldom is worked out by {@link #update}, the lease is looked at each time. */
final class RoleGate implements Gate {
    private static final CommandError READ_ONLY =
            new CommandError("READONLY You can't write against a read only replica.");
    private static final CommandError NO_LEASE = new CommandError(
            "READONLY no lease: this master has not heard from its operator or from most of its replicas lately");
    private static final CommandError NO_ROLE =
            new CommandError("MASTERDOWN this node has no role yet: it waits for an order of its operator");
    private static final CommandError FENCED =
            new CommandError("MASTERDOWN this node is fenced and has no role: a failover is under way");
    private static final CommandError STALE =
            new CommandError("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.");
    private static final CommandError DUMPS_FAIL = new CommandError("MISCONF Redis is configured to save RDB snapshots,"
            + " but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because"
            + " this instance is configured to report errors during writes if RDB snapshotting fails"
            + " (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.");
    private static final CommandError FEW_REPLICAS = new CommandError("NOREPLICAS Not enough good replicas to write.");

    private final Node node;
    private final Replication replication;

    private CommandError disk;
    private CommandError refuseAll;
    private CommandError refuseStale;
    private CommandError refuseWrites;
    private boolean leaseNeeded;

    RoleGate(Node node, Replication replication) {
        this.node = node;
        this.replication = replication;
    }

    /** Works out what holds until something changes. */
    @Override
    public void update() {
        Managed managed = replication.managed();
        MasterLink link = replication.link();
        disk = diskProblem();
        refuseAll = null;
        refuseStale = null;
        refuseWrites = null;
        leaseNeeded = false;
        if (managed != null && managed.state().role() == Role.NONE) {
            refuseAll = NO_ROLE;
        } else if (managed != null && managed.state().role() == Role.FENCED) {
            refuseAll = FENCED;
        } else if (link != null) {
            boolean readOnly = managed != null || node.settings().get(REPLICA_READ_ONLY);
            refuseWrites = readOnly ? READ_ONLY : null;
            refuseStale = link.isUp() || node.settings().get(REPLICA_SERVE_STALE_DATA) ? null : STALE;
        } else {
            leaseNeeded = managed != null;
            refuseWrites = fewReplicas() ? FEW_REPLICAS : null;
        }
        node.settleExpiry();
        Log.role(isReplica() ? 'S' : 'M');
    }

    private CommandError diskProblem() {
        String problem = replication.keeping().problem();
        if (problem == null) {
            return null;
        }
        Persistence persistence = replication.persistence();
        return persistence.isLogging() && persistence.problem() != null
                ? new CommandError("MISCONF Errors writing to the AOF file: " + problem)
                : DUMPS_FAIL;
    }

    private boolean fewReplicas() {
        long wanted = node.settings().get(MIN_REPLICAS_TO_WRITE);
        long lag = node.settings().get(MIN_REPLICAS_MAX_LAG);
        return wanted > 0 && lag > 0 && replication.replicas().countGood(lag) < wanted;
    }

    @Override
    public CommandError disk() {
        return disk;
    }

    @Override
    public CommandError write() {
        return refuseWrites == null && leaseNeeded && !holdsLease() && !yields() ? NO_LEASE : refuseWrites;
    }

    /** They are held back: whether there is a lease counts when they are looked at again. */
    private boolean yields() {
        Yielding yielding = replication.managed().yielding();
        return yielding.isStill() || yielding.isFenced();
    }

    @Override
    public CommandError role() {
        return refuseAll;
    }

    @Override
    public CommandError stale() {
        return refuseStale;
    }

    private boolean holdsLease() {
        Managed managed = replication.managed();
        return managed.state().lease().holds(managed.clock());
    }

    /**
     * Whether a master may put something of its own into the stream. Only an operator's orders have it stand still; a master
     * that refuses writes for lack of replicas or of room on its disk must go on pinging those that it has.
     */
    boolean mayGrow() {
        return !leaseNeeded || (disk == null && holdsLease());
    }

    @Override
    public boolean mayAcknowledge() {
        Managed managed = replication.managed();
        return managed == null || (managed.state().role() == Role.MASTER && holdsLease());
    }

    @Override
    public ExpiryMode expiry() {
        Managed managed = replication.managed();
        if (managed != null) {
            // One that cannot keep data gives its role to a replica that has all of it: nothing more may come.
            boolean deletes = managed.state().role() == Role.MASTER && holdsLease() && disk == null;
            return deletes ? ExpiryMode.DELETE : ExpiryMode.HIDE;
        }
        if (replication.link() == null) {
            return ExpiryMode.DELETE;
        }
        return node.settings().get(REPLICA_READ_ONLY) ? ExpiryMode.HIDE : ExpiryMode.DELETE_ON_WRITE;
    }

    @Override
    public boolean isReplica() {
        return !replication.isMaster();
    }

    @Override
    public String notReady() {
        if (node.loading()) {
            return "the data are being loaded";
        }
        Managed managed = replication.managed();
        if (managed == null) {
            return null;
        }
        if (managed.state().role() == Role.NONE) {
            return "no role was given yet";
        }
        return replication.isSynced() ? null : "the initial sync has not completed";
    }
}
