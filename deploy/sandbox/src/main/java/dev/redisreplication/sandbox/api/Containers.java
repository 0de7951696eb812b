package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.http.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What runs in pods, as the API server reaches it. Whatever throws {@link ApiException} refuses before anything was answered. */
public interface Containers {
    /**
     * What a container or the machine takes.
     *
     * @param nanosPerSecond of processor time
     * @param bytes of memory
     */
    record Usage(long nanosPerSecond, long bytes) {}

    /** Writes the log of a pod's container into the exchange: of its present process, or of the one before. */
    default void log(ObjectNode pod, HttpExchange exchange) throws IOException {
        throw nothingRuns();
    }

    /** Runs a command in a pod's container. */
    default void exec(ObjectNode pod, HttpExchange exchange) throws IOException {
        throw nothingRuns();
    }

    /** Leads connections to a pod's ports. */
    default void forward(ObjectNode pod, HttpExchange exchange) throws IOException {
        throw nothingRuns();
    }

    /** What the containers of each pod take, by the pod's uid and the container's name; only those that run. */
    default Map<String, Map<String, Usage>> usages(List<ObjectNode> pods) {
        return Map.of();
    }

    /** What the machine takes. */
    default Usage machine() {
        throw nothingRuns();
    }

    /** The time that usages are an average of. */
    default Duration window() {
        return Duration.ZERO;
    }

    private static ApiException nothingRuns() {
        return ApiException.badRequest("nothing runs here");
    }
}
