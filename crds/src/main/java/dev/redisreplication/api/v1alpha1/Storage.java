package dev.redisreplication.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The volume claim of each member. {@code storageClassName} may be null: the cluster's default class. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.size == oldSelf.size",
        message = "spec.persistence.storage.size: cannot be changed; create a new group instead",
        fieldPath = ".size")
@ValidationRule(
        value = "(has(self.storageClassName) ? self.storageClassName : '')"
                + " == (has(oldSelf.storageClassName) ? oldSelf.storageClassName : '')",
        message = "spec.persistence.storage.storageClassName: cannot be changed; create a new group instead")
public record Storage(
        @JsonPropertyDescription("Size of the claim, such as 10Gi.")
        @Required
        @Size(min = 1, max = 20)
        @Pattern("^[1-9][0-9]*(\\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$")
        String size,

        @JsonPropertyDescription("Storage class of the claim. Absent: the cluster's default class.") @Size(max = 253)
        String storageClassName) {}
