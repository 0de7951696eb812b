package dev.redisreplication.node.replication;

import java.util.Locale;

/**
 * What a managed node may do: its role, its term and its lease. Decides about orders, does not carry them out. A node
 * boots without a role and with the term it last acknowledged.
 */
public final class ManagedNode {
    /** The part a node plays. */
    public enum Role {
        /** Booted, no order yet. */
        NONE,
        MASTER,
        REPLICA,
        /** Detached by a fence, waits for the next order. */
        FENCED;

        /** In lower case, as on the wire. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What became of an order.
     *
     * @param refusal the error to reply, or null when the order holds
     * @param change whether anything is to be done; an order that repeats what is so already changes nothing
     * @param demotes whether the node was a master until now
     */
    public record Verdict(String refusal, boolean change, boolean demotes) {
        private static Verdict refused(String error) {
            return new Verdict(error, false, false);
        }

        /** Whether the order is refused. */
        public boolean isRefused() {
            return refusal != null;
        }
    }

    private final Lease lease = new Lease();
    private Role role = Role.NONE;
    private Role beforeFence = Role.NONE;
    private long term;
    private String masterHost = "";
    private int masterPort;

    /** A node that boots with the term it persisted, 0 for none. */
    public ManagedNode(long persistedTerm) {
        term = persistedTerm;
    }

    public Role role() {
        return role;
    }

    public long term() {
        return term;
    }

    public Lease lease() {
        return lease;
    }

    /** Whether {@code LEASE FENCE} of this term holds: a newer term, or the same once more. */
    public Verdict fence(long newTerm) {
        boolean repeated = newTerm == term && (role == Role.FENCED || role == Role.NONE);
        if (newTerm < term || (newTerm == term && !repeated)) {
            return stale();
        }
        return new Verdict(null, newTerm != term || role != Role.FENCED, role == Role.MASTER);
    }

    /** Whether {@code REPLICAOF NO ONE TERM} holds: there is one master a term, so no replica of this term qualifies. */
    public Verdict promote(long newTerm) {
        if (newTerm < term || (newTerm == term && role == Role.REPLICA)) {
            return stale();
        }
        boolean already = newTerm == term && role == Role.MASTER;
        return new Verdict(null, !already, !already && role == Role.MASTER);
    }

    /** Whether {@code REPLICAOF host port TERM} holds. */
    public Verdict follow(String host, int port, long newTerm) {
        if (newTerm < term || (newTerm == term && role == Role.MASTER)) {
            return stale();
        }
        boolean already = newTerm == term && role == Role.REPLICA && masterHost.equals(host) && masterPort == port;
        return new Verdict(null, !already, role == Role.MASTER);
    }

    /**
     * Whether {@code LEASE RENEW} holds.
     *
     * @param clock the reading it echoes
     * @param now the node's monotonic clock, both in milliseconds
     */
    public Verdict renew(long ofTerm, long clock, long now) {
        Verdict leads = lead(ofTerm);
        if (leads.isRefused()) {
            return leads;
        }
        return clock > now ? Verdict.refused("ERR the clock reading lies in the future") : leads;
    }

    /** Whether an order holds that is for the master of this very term, such as {@code LEASE YIELD}. */
    public Verdict lead(long ofTerm) {
        if (ofTerm != term) {
            return stale();
        }
        return role == Role.MASTER
                ? new Verdict(null, true, false)
                : Verdict.refused("NOTMASTER the role is " + roleName());
    }

    // ---- the lease by votes

    /**
     * Whether the operator seems to be away: it is time to ask the replicas for votes, or the lease is over.
     *
     * @param now the node's monotonic clock in milliseconds
     * @param connected managed replicas of this term with a running stream
     */
    public boolean isOnItsOwn(long now, int connected) {
        return lease.shouldAsk(now, connected) || !lease.holds(now);
    }

    /**
     * The question to the replicas that is due now: {@code <term>:<reading of the clock>}. It lies in the replicated log, and a
     * replica that catches up may answer one of an older master, whose clock means nothing here: hence the term.
     *
     * @param now the node's monotonic clock in milliseconds
     * @param connected managed replicas of this term with a running stream
     * @return null when none is due
     */
    public String question(long now, int connected) {
        if (role != Role.MASTER || !lease.shouldAsk(now, connected)) {
            return null;
        }
        lease.asked(now);
        return term + ":" + now;
    }

    /**
     * Reads an answer.
     *
     * @param ofTerm the term of who answers
     * @param token the question as it came back
     * @return the reading it returns, {@link Long#MIN_VALUE} if it is no vote for this master
     */
    public long reading(long ofTerm, String token, long now) {
        String own = term + ":";
        if (role != Role.MASTER || ofTerm != term || !token.startsWith(own)) {
            return Long.MIN_VALUE;
        }
        String digits = token.substring(own.length());
        if (!digits.matches("\\d{1,18}")) {
            return Long.MIN_VALUE;
        }
        long reading = Long.parseLong(digits);
        return reading <= now ? reading : Long.MIN_VALUE;
    }

    /** The role now, or for a fenced node the one that it had when it was fenced. */
    public Role roleBeforeFence() {
        return role == Role.FENCED ? beforeFence : role;
    }

    /** The fence of this term was carried out. */
    public void becomeFenced(long newTerm) {
        beforeFence = roleBeforeFence();
        become(Role.FENCED, newTerm);
    }

    /** The node is master of this term, without a lease as yet. */
    public void becomeMaster(long newTerm) {
        become(Role.MASTER, newTerm);
    }

    /** The node follows this master. */
    public void becomeReplica(String host, int port, long newTerm) {
        become(Role.REPLICA, newTerm);
        masterHost = host;
        masterPort = port;
    }

    private void become(Role newRole, long newTerm) {
        role = newRole;
        term = newTerm;
        lease.drop();
    }

    /** The role in lower case, as INFO shows it. */
    public String roleName() {
        return role.text();
    }

    private Verdict stale() {
        return Verdict.refused("STALETERM current is " + term);
    }
}
