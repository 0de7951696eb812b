package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** What the operator may do by itself for a member that cannot get on. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Recovery(
        @JsonPropertyDescription(
                "Whether a member whose files do not load, while the master has the data, puts them aside (it removes"
                        + " nothing) and copies the master's. Otherwise it does not start until somebody looks at it.")
        @Default("false")
        Boolean replaceUnloadableData) {

    public Recovery {
        replaceUnloadableData = replaceUnloadableData != null && replaceUnloadableData;
    }
}
