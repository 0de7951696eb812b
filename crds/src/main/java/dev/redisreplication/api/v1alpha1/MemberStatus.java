package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** One member (pod) as last observed. All but the name may be null. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record MemberStatus(
        @JsonPropertyDescription("Name of the pod.") String name,

        @JsonPropertyDescription(
                "master, replica, fenced (detached, waiting for a role), none (booted, no role yet) or unknown"
                        + " (does not answer).")
        String role,

        @JsonPropertyDescription("Address and port of the node.")
        String address,

        @JsonPropertyDescription(
                "Bytes of the replication stream that the member has; written at most once in 10 s while nothing else"
                        + " changes.")
        Long offset,

        @JsonPropertyDescription("Bytes by which the member is behind the master; absent for the master.")
        Long lag,

        @JsonPropertyDescription("State of a replica's link to its master: up, sync (first copy under way), down.")
        String link,

        @JsonPropertyDescription("Identity of the replication history that the offset counts in.")
        String replid) {}
