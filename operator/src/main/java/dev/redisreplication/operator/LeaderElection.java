package dev.redisreplication.operator;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** Hands the leader election's configuration to the Java Operator SDK. */
@Dependent
class LeaderElection {

    @Produces
    @Dependent
    LeaderElectionConfiguration configuration(LeaderGuard guard) {
        return guard.configuration();
    }
}
