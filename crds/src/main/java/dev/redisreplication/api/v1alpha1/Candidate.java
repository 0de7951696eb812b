package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A member whose offset was compared in a failover. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Candidate(
        @JsonPropertyDescription("Name of the pod.") String name,

        @JsonPropertyDescription("Its offset after the fence.")
        Long offset,

        @JsonPropertyDescription("Its replication history.") String replid,

        @JsonPropertyDescription("What became of it: promoted, behind, or why it could not be considered.")
        String note) {}
