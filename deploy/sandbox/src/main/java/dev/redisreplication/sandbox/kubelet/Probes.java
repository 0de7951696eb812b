package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks one process of a container whether it has started, lives and is ready, until it ends. */
final class Probes {
    /** How often readiness is asked for until it is first given; a real kubelet keeps to the probe's period. */
    private static final long EAGER_MILLIS = 100;

    private final JsonNode container;
    private final String podIp;
    private final Process process;
    private final Consumer<Boolean> ready;
    private final Runnable unfit;

    /**
     * @param ready hears whether it is ready, each time that it was asked
     * @param unfit called when it has to be ended
     */
    Probes(JsonNode container, String podIp, Process process, Consumer<Boolean> ready, Runnable unfit) {
        this.container = container;
        this.podIp = podIp;
        this.process = process;
        this.ready = ready;
        this.unfit = unfit;
    }

    void start() {
        Thread.ofVirtual().name("probes").start(this::run);
    }

    private void run() {
        try {
            JsonNode startup = container.path("startupProbe");
            if (startup.isObject() && !waitForStartup(startup)) {
                return;
            }
            if (container.path("livenessProbe").isObject()) {
                Thread.ofVirtual().name("liveness").start(() -> liveness());
            }
            if (container.path("readinessProbe").isObject()) {
                readiness();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean waitForStartup(JsonNode probe) throws InterruptedException {
        int failures = 0;
        while (pause(period(probe))) {
            if (Probe.failure(probe, container, podIp) == null) {
                return true;
            }
            if (++failures >= probe.path("failureThreshold").asInt(3)) {
                unfit.run();
                return false;
            }
        }
        return false;
    }

    private void readiness() throws InterruptedException {
        int failures = 0;
        boolean once = false;
        long wait = probeDelay(container.path("readinessProbe"));
        while (pause(wait)) {
            JsonNode probe = container.path("readinessProbe");
            String failure = Probe.failure(probe, container, podIp);
            failures = failure == null ? 0 : failures + 1;
            if (failure == null) {
                once = true;
                ready.accept(true);
            } else if (failures >= probe.path("failureThreshold").asInt(3)) {
                ready.accept(false);
            }
            wait = once ? period(probe) : EAGER_MILLIS;
        }
    }

    private void liveness() {
        JsonNode probe = container.path("livenessProbe");
        int failures = 0;
        try {
            pause(probeDelay(probe));
            while (pause(period(probe))) {
                failures = Probe.failure(probe, container, podIp) == null ? 0 : failures + 1;
                if (failures >= probe.path("failureThreshold").asInt(3)) {
                    unfit.run();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long probeDelay(JsonNode probe) {
        return Math.max(EAGER_MILLIS, probe.path("initialDelaySeconds").asLong(0) * 1000);
    }

    private static long period(JsonNode probe) {
        return Math.max(1, probe.path("periodSeconds").asLong(10)) * 1000;
    }

    /** Waits; false when the process has ended. */
    private boolean pause(long millis) throws InterruptedException {
        return !process.waitFor(millis, TimeUnit.MILLISECONDS);
    }
}
