package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How long each step of a failover took, in milliseconds; each counts from the end of the step before it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FailoverSteps(
        @JsonPropertyDescription("From the first sign of the trouble to certainty.")
        Long detect,

        @JsonPropertyDescription("Writing the new term to the status.")
        Long term,

        @JsonPropertyDescription("Fencing the members.") Long fence,

        @JsonPropertyDescription("Waiting until the old master certainly accepts no write.")
        Long clear,

        @JsonPropertyDescription("Promoting the new master, naming it in the status and giving it its lease.")
        Long promote,

        @JsonPropertyDescription("Leading the Services to it, as far as that took longer than the promotion.")
        Long route,

        @JsonPropertyDescription("All of them.") Long total) {}
