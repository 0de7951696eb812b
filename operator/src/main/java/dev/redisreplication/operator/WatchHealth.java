package dev.redisreplication.operator;

import dev.redisreplication.operator.observe.Clock;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RuntimeInfo;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means that what is watched in Kubernetes is known. The API server closes each watch every few minutes, and it takes the
 * client a second or more to open it again; the SDK's own check is down for so long. This one is only when a watch stays away.
 */
@Readiness
@ApplicationScoped
public class WatchHealth implements HealthCheck {

    static final long PATIENCE_MS = 30_000;

    private final Operator operator;
    private final Clock clock = Clock.MONOTONIC;
    private final Away away = new Away();

    WatchHealth(Operator operator) {
        this.operator = operator;
    }

    /** For how long which watches have been away. */
    static final class Away {
        private final Map<String, Long> since = new HashMap<>();
        private boolean complete;

        /**
         * Takes in what is seen now.
         *
         * @param down the watches that are not there now
         * @return those that have been away for too long; before all have been there once, each that is not
         */
        synchronized List<String> look(Collection<String> down, long now) {
            complete |= down.isEmpty();
            since.keySet().retainAll(down);
            down.forEach(watch -> since.putIfAbsent(watch, now));
            return since.entrySet().stream()
                    .filter(watch -> !complete || now - watch.getValue() >= PATIENCE_MS)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
        }
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("Kubernetes is watched");
        RuntimeInfo info = operator.getRuntimeInfo();
        if (!info.isStarted()) {
            return response.down().build();
        }
        List<String> down = info.getRegisteredControllers().stream()
                .flatMap(c -> c.getControllerHealthInfo().unhealthyEventSources().keySet().stream())
                .toList();
        List<String> missing = away.look(down, clock.millis());
        if (!missing.isEmpty()) {
            response.withData("missing", String.join(", ", missing));
        }
        return response.status(missing.isEmpty()).build();
    }
}
