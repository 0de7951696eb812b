package dev.redisreplication.operator.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;

/** Whether an object still is as it was wanted, whatever others have added to it. */
final class Subset {

    private Subset() {}

    /** True when everything in {@code desired} is in {@code actual} with the same value; lists are compared as wholes. */
    static boolean holds(JsonNode desired, JsonNode actual) {
        if (desired.isContainerNode() && desired.isEmpty()) {
            return actual == null || actual.isEmpty();
        }
        if (actual == null) {
            return false;
        }
        if (desired.isObject()) {
            return desired.properties().stream().allMatch(field -> holds(field.getValue(), actual.get(field.getKey())));
        }
        if (desired.isArray()) {
            if (desired.size() != actual.size()) {
                return false;
            }
            for (int i = 0; i < desired.size(); i++) {
                if (!holds(desired.get(i), actual.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return desired.equals(actual) || sameQuantity(desired.asText(), actual.asText());
    }

    /** The API server writes quantities its own way: 1000m becomes 1. */
    private static boolean sameQuantity(String desired, String actual) {
        try {
            BigDecimal one = Quantity.getAmountInBytes(new Quantity(desired));
            return one.compareTo(Quantity.getAmountInBytes(new Quantity(actual))) == 0;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
