package dev.redisreplication.operator.observe;

/**
 * The process that this operator saw serve as master of a term. A name can be taken over by a new pod; this cannot.
 *
 * @param member pod name
 * @param term the term in which it was seen as master
 * @param podUid pod it ran in
 * @param startedAt wall clock ms at which it was already alive, see {@link NodeFacts#startedAt}
 * @param runId its own identity
 * @param history its history as last seen
 * @param offset its offset as last seen
 * @param ending it was handing its role over as it was told to end, so its process will end soon
 * @param ended sticky: the API server reported the end of this very process ({@link PodView#provesEnd}), also if the
 *     pod is gone by now
 */
public record MasterProcess(
        String member,
        long term,
        String podUid,
        long startedAt,
        String runId,
        History history,
        long offset,
        boolean ending,
        boolean ended) {

    /** The same, known to have ended. */
    public MasterProcess asEnded() {
        return new MasterProcess(member, term, podUid, startedAt, runId, history, offset, ending, true);
    }
}
