package dev.redisreplication.operator.sim;

import java.util.EnumSet;
import java.util.Set;

/** Which rules are kept. Each can be broken on purpose, to see that it is needed and that the simulator notices. */
record Rules(Set<Rule> broken) {
    /** What nodes and operator keep to outside the decider. */
    enum Rule {
        LEASE_COUNTS_FROM_ECHO,
        ONLY_MASTERS_SERVE_SYNC,
        VOTES_NAME_THEIR_TERM,
        LOST_QUESTIONS_ARE_ASKED_ANEW,
        TERMS_ARE_WRITTEN_BY_CAS,
        LEADER_CHECKS_ITS_CLOCK,
        VOTES_OUTLIVE_THEIR_LINK,
        VOTE_AGES_END_AT_THE_RECEIPT,
        AN_ENDING_MASTER_HOLDS_WRITES_BACK,
        AN_ENDING_MASTER_WAITS_FOR_ITS_SUCCESSOR,
        WHO_CANNOT_KEEP_DATA_SAYS_SO,
        A_YIELDING_MASTER_HOLDS_WRITES_BACK,
        WHAT_IS_HELD_WAITS_FOR_A_ROLE,
        A_PAUSE_HAS_AN_END
    }

    /** How far a master's backlog reaches. */
    static final int BACKLOG_ENTRIES = 60;

    static final Rules KEPT = new Rules(EnumSet.noneOf(Rule.class));

    static Rules without(Rule rule) {
        return new Rules(EnumSet.of(rule));
    }

    boolean keep(Rule rule) {
        return !broken.contains(rule);
    }
}
