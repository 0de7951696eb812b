package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the password of a group is; {@code previousValidSeconds} may be null. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Auth(
        @JsonPropertyDescription(
                "Name of a Secret in the group's namespace; its key \"password\" is the password of clients,"
                        + " replicas and the operator.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')",
                message = "spec.auth.secretName: not a valid name of a Secret")
        String secretName,

        @JsonPropertyDescription(
                "When the password in the Secret is changed, the one before stays valid until all members take the new one,"
                        + " and at least so many seconds, in which clients can follow. Absent: 600.")
        @Min(0)
        @Max(2592000)
        Integer previousValidSeconds) {}
