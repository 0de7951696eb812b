package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * The last failover or switchover. Times are RFC 3339 with milliseconds, by the operator's clock; a field is null as long as its
 * step has not happened.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LastFailover(
        @JsonPropertyDescription("Term that began with this change.")
        Long term,

        @JsonPropertyDescription(
                "Why the master was changed, in one word such as MasterRestarted or MasterUnreachable.")
        String reason,

        @JsonPropertyDescription("Pod that was the master; absent at the first start.")
        String from,

        @JsonPropertyDescription("Pod that was promoted.") String to,

        @JsonPropertyDescription("Members whose offsets were compared, and what was found.")
        List<Candidate> candidates,

        @JsonPropertyDescription("When the first sign of the trouble was seen.")
        String startedAt,

        @JsonPropertyDescription("When it was certain that the master must be changed.")
        String detectedAt,

        @JsonPropertyDescription("When the new term was in the status.")
        String termWrittenAt,

        @JsonPropertyDescription(
                "When the reachable members had been fenced: detached from the old master, their offsets still.")
        String fencedAt,

        @JsonPropertyDescription("When it was certain that the old master accepts no write any more.")
        String clearedAt,

        @JsonPropertyDescription(
                "What made it certain: SteppedDown (it said so), ProcessEnded, LeaseExpired, or NoMaster (there was none).")
        String clearedBy,

        @JsonPropertyDescription(
                "When the new master was promoted, written to the status and given its lease: it accepts writes from here on.")
        String promotedAt,

        @JsonPropertyDescription(
                "When the pods' role labels led the Services to the new master; done at the same time as the promotion's last steps.")
        String routedAt,

        @JsonPropertyDescription("The same as durations.") FailoverSteps milliseconds,

        @JsonPropertyDescription(
                "Bytes of the old master's stream that the new one lacks, exactly: the old master itself said where its stream"
                        + " ended (clearedBy SteppedDown), or there was none. Absent when nobody knows: what it wrote"
                        + " after its last answer was not seen.")
        Long possibleLossBytes,

        @JsonPropertyDescription(
                "The same as far as the operator saw: at least so many bytes are missing. Absent when not even that is known.")
        Long knownLossBytes,

        @JsonPropertyDescription(
                "Switchover: planned, the master lived, held writes back and gave its role to a member that had all of its data."
                        + " Failover: anything else.")
        String kind,

        @JsonPropertyDescription(
                "Offset at which the old master stood still, by its own word; equal to toOffset in a switchover.")
        Long fromOffset,

        @JsonPropertyDescription("Offset of the member that was promoted, when it was.")
        Long toOffset,

        @JsonPropertyDescription(
                "Switchover: for how long writes were held back, from the order to the old master until the new one had its"
                        + " lease.")
        Long pauseMilliseconds) {

    /** A {@code kind}. */
    public static final String FAILOVER = "Failover";
    /** A {@code kind}. */
    public static final String SWITCHOVER = "Switchover";

    public LastFailover {
        candidates = candidates == null ? List.of() : List.copyOf(candidates);
    }
}
