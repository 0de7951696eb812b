package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/** Whether and where the nodes keep their data on disk. {@code storage} may be null. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!has(self.storage) || (has(self.mode) && self.mode == 'AppendOnly')",
        message = "spec.persistence.storage: needs spec.persistence.mode AppendOnly",
        fieldPath = ".storage")
public record Persistence(
        @JsonPropertyDescription(
                "None: data lives in memory and in the other members. AppendOnly: each member also keeps the log of"
                        + " writes and reads it when it starts.")
        @Default("None")
        Mode mode,

        @JsonPropertyDescription(
                "A volume claim for each member. Absent with AppendOnly: the log lives in an emptyDir, which a"
                        + " restart of the container survives and a deletion of the pod does not.")
        Storage storage) {

    /** How data is kept. */
    public enum Mode {
        /** In memory only. */
        None,
        /** Append-only file. */
        AppendOnly
    }

    /** No persistence. */
    public static final Persistence NONE = new Persistence(Mode.None, null);

    public Persistence {
        mode = mode == null ? Mode.None : mode;
    }
}
