package dev.redisreplication.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the password of a group is. */
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
        String secretName) {}
