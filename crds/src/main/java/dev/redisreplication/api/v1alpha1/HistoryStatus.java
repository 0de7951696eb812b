package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A replication history, as INFO replication names it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record HistoryStatus(
        @JsonPropertyDescription("Its identity.") String replid,

        @JsonPropertyDescription("The history that it continues; zeros if none.")
        String replid2,

        @JsonPropertyDescription("First offset that is no longer of replid2; -1 if there is none.")
        Long secondOffset) {}
