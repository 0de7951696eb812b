package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What became of a planned switchover. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SwitchoverStatus(
        @JsonPropertyDescription("Pod that the role was to go to; absent if any was right and none was chosen.")
        String target,

        @JsonPropertyDescription(
                "What asked for it: Annotation, PreferredMaster (spec.preferredMaster) or ScaleDown (the master is beyond"
                        + " spec.replicas).")
        String askedBy,

        @JsonPropertyDescription(
                "Done; NotNeeded: that pod was the master already; Refused: it was not even tried; Failed: the master"
                        + " held writes back, and took them again without having given its role away.")
        String outcome,

        @JsonPropertyDescription("Why, in a sentence.") String message,

        @JsonPropertyDescription("When that was; RFC 3339.") String time) {}
