package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The lease that a master may have been given. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LeaseStatus(
        @JsonPropertyDescription("Its length.") Long milliseconds,

        @JsonPropertyDescription("Replicas by the spec, of which a majority can prolong it while the operator is away.")
        Integer replicas) {}
