package dev.redisreplication.operator.sim;

/**
 * What nodes and operator keep to outside the decider. Each can be broken on purpose, to see that it is needed and that
 * the simulator notices.
 */
record Rules(
        boolean leaseCountsFromEcho,
        boolean termsArePersisted,
        boolean onlyMastersServeSync,
        boolean votesNameTheirTerm,
        boolean termsAreWrittenByCas,
        boolean ordersAreBoundToTheProcess,
        boolean leaderChecksItsClock,
        boolean votesOutliveTheirLink,
        boolean voteAgesEndAtTheReceipt,
        int backlogEntries) {
    static final Rules KEPT = new Rules(true, true, true, true, true, true, true, true, true, 60);
}
