package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How fast a failure of the master is noticed. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Failover(
        @JsonPropertyDescription(
                "For how long a master may accept writes without hearing from the operator or from a majority of the"
                        + " replicas, in milliseconds; also how long a silent master is waited for before another one is promoted.")
        @Min(300)
        @Max(60000)
        @Default("1000")
        Integer leaseMilliseconds) {

    /** Default of {@code leaseMilliseconds}. */
    public static final int DEFAULT_LEASE_MILLISECONDS = 1000;

    public Failover {
        leaseMilliseconds = leaseMilliseconds == null ? DEFAULT_LEASE_MILLISECONDS : leaseMilliseconds;
    }
}
