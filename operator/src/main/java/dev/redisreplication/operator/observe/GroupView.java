package dev.redisreplication.operator.observe;

import java.util.List;
import java.util.Optional;

/**
 * Everything a decision depends on, at one moment. Immutable.
 *
 * @param now operator's monotonic milliseconds; all times in the view are of this clock
 * @param steadySince since when this process leads and its loop has turned without a gap of more than half a lease: what
 *     was not heard in a gap is no evidence (the process may have been paused)
 * @param leader this process holds the leader's lease by its own clock
 * @param spec parameters
 * @param status what the resource says
 * @param members in order of their ordinals
 * @param podsKnown the list of pods is complete (the informer has synced)
 * @param transition the failover in flight by this process, null if none
 * @param master the process last seen as master in status.term (or, while a change is under way, before it); null if
 *     this operator never saw one
 * @param ghosts processes seen attached in the present term whose pod went away without a reported end of the container
 *     (deleted by force): they may still run and vote
 * @param lease leases granted
 * @param moves planned switchovers
 */
public record GroupView(
        long now,
        long steadySince,
        boolean leader,
        SpecView spec,
        StatusView status,
        List<MemberView> members,
        boolean podsKnown,
        TransitionView transition,
        MasterProcess master,
        int ghosts,
        LeaseView lease,
        MovesView moves) {

    public GroupView {
        members = List.copyOf(members);
    }

    /** The member of that name. */
    public Optional<MemberView> member(String name) {
        return members.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** Whether the master that status names answers as master of its term and has a lease. */
    public boolean masterServes() {
        return member(status.master())
                .filter(member -> member.link() == Link.OK && member.facts() != null)
                .map(MemberView::facts)
                .filter(facts ->
                        facts.role() == ManagedRole.MASTER && facts.term() == status.term() && facts.leaseMs() > 0)
                .isPresent();
    }
}
