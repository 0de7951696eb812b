package dev.redisreplication.operator.observe;

/**
 * The process that this operator saw serve as master of a term. Names can be taken over by a new pod; this cannot.
 *
 * @param member pod name
 * @param term the term in which it was seen as master
 * @param podUid pod it ran in
 * @param containerId container it ran in
 * @param runId its own identity
 * @param replid its history
 * @param replid2 the history that one continues
 * @param secondOffset first offset that is no longer of {@code replid2}
 * @param offset its last known offset
 * @param ended sticky: the API server reported that this very container terminated (also if its pod is gone by now)
 */
public record MasterProcess(
        String member,
        long term,
        String podUid,
        String containerId,
        String runId,
        String replid,
        String replid2,
        long secondOffset,
        long offset,
        boolean ended) {}
