package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Keeps one container of a pod running, as its process, and knows its state. Thread-safe. */
final class ContainerRunner {
    private static final Duration BACK_OFF_RESET = Duration.ofMinutes(10);
    /** For one whose probes fail; a pod that is deleted has its own. */
    private static final long GRACE_SECONDS = 30;

    private static final int LAST_WORDS = 2048; // bytes, as a kubelet takes them

    /** Makes processes in the container's place; may refuse by throwing. */
    interface Launcher {
        /**
         * A process.
         *
         * @param instead what is run there; empty for the container's own command
         */
        ProcessBuilder command(List<String> instead) throws IOException;
    }

    private final JsonNode container;
    private final String podIp;
    private final Launcher launcher;
    private final Path logs;
    private final Kubelet kubelet;
    private final Runnable changed;
    private final String restartPolicy;
    private final Object lock = new Object();
    /** What others run in it. */
    private final Set<Process> guests = ConcurrentHashMap.newKeySet();

    private ObjectNode state = waiting("ContainerCreating", "");
    private ObjectNode lastState = Json.object();
    private Path log; // of the newest process, or null before the first
    private Path lastLog; // of the process that lastState tells of, or null
    private String containerId = "";
    private int restarts;
    private boolean ready;
    private boolean stopping;
    private int nextNumber;
    private Process process;
    private Thread thread;

    ContainerRunner(
            JsonNode container,
            String podIp,
            String restartPolicy,
            Launcher launcher,
            Path logs,
            Kubelet kubelet,
            Runnable changed) {
        this.container = container;
        this.podIp = podIp;
        this.restartPolicy = restartPolicy;
        this.launcher = launcher;
        this.logs = logs;
        this.kubelet = kubelet;
        this.changed = changed;
    }

    void start() {
        thread = Thread.ofVirtual()
                .name("container-" + Json.text(container, "name"))
                .start(this::run);
    }

    private void run() {
        Duration backOff = Duration.ZERO;
        while (true) {
            long began = System.nanoTime();
            try {
                int code = runOnce();
                if (isStopping() || restartPolicy.equals("Never") || (restartPolicy.equals("OnFailure") && code == 0)) {
                    return;
                }
            } catch (IOException | RuntimeException e) {
                set(waiting("CreateContainerConfigError", e.getMessage()));
                backOff = max(backOff, Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                return;
            }
            boolean longLife = System.nanoTime() - began > BACK_OFF_RESET.toNanos();
            if (longLife) {
                backOff = Duration.ZERO;
            }
            if (!backOff.isZero()) {
                backOff(backOff);
            }
            backOff = backOff.isZero() ? kubelet.backOff() : min(backOff.multipliedBy(2), kubelet.backOffLimit());
            if (!sleepUnlessStopping(Duration.ZERO)) {
                return;
            }
        }
    }

    private void backOff(Duration time) {
        String why = "back-off " + time.toMillis() / 1000.0 + "s restarting failed container="
                + Json.text(container, "name");
        synchronized (lock) {
            rememberEnd();
            if (!Json.text(state, "waiting", "reason").equals("CreateContainerConfigError")) {
                state = waiting("CrashLoopBackOff", why);
            }
        }
        changed.run();
        sleepUnlessStopping(time);
    }

    private boolean sleepUnlessStopping(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        synchronized (lock) {
            try {
                while (!stopping && System.nanoTime() < end) {
                    TimeUnit.NANOSECONDS.timedWait(lock, Math.max(1, end - System.nanoTime()));
                }
            } catch (InterruptedException e) {
                return false;
            }
            return !stopping;
        }
    }

    private int runOnce() throws IOException, InterruptedException {
        ProcessBuilder builder = launcher.command(List.of());
        Path output = logs.resolve(nextNumber + ".log");
        Files.createDirectories(logs);
        builder.redirectErrorStream(true).redirectOutput(Redirect.to(output.toFile()));
        builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        Process mine;
        String started = Api.now();
        synchronized (lock) {
            if (stopping) {
                return 0;
            }
            mine = kubelet.spawn(builder);
            if (!containerId.isEmpty()) {
                restarts++;
                rememberEnd();
            }
            // As many as a kubelet keeps: the present process' and that of the one before.
            Files.deleteIfExists(logs.resolve((nextNumber - 2) + ".log"));
            nextNumber++;
            process = mine;
            log = output;
            containerId = "sandbox://" + UUID.randomUUID().toString().replace("-", "");
            state = Json.object();
            state.putObject("running").put("startedAt", started);
            ready = !container.has("readinessProbe");
        }
        changed.run();
        new Probes(container, podIp, mine, value -> setReady(mine, value), () -> terminate(mine, GRACE_SECONDS))
                .start();
        int code = mine.waitFor();
        guests.forEach(ContainerRunner::killAll);
        synchronized (lock) {
            ready = false;
            state = Json.object();
            ObjectNode terminated = state.putObject("terminated").put("exitCode", code);
            if (code > 128 && code < 160) {
                terminated.put("signal", code - 128);
            }
            terminated.put("reason", code == 0 ? "Completed" : "Error");
            terminated.put("startedAt", started).put("finishedAt", Api.now());
            terminated.put("containerID", containerId);
            if (code != 0 && Json.text(container, "terminationMessagePolicy").equals("FallbackToLogsOnError")) {
                terminated.put("message", lastWords());
            }
            lock.notifyAll();
        }
        changed.run();
        return code;
    }

    /** The end of the newest process becomes the last one before what comes now. Under the lock. */
    private void rememberEnd() {
        if (state.has("terminated")) {
            lastState = state;
            lastLog = log;
        }
    }

    /** The end of the log, as much of it as a kubelet takes for a termination message. */
    private String lastWords() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(LAST_WORDS, file.length())];
            file.seek(file.length() - end.length);
            file.readFully(end);
            return new String(end, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private void setReady(Process mine, boolean value) {
        synchronized (lock) {
            if (!mine.equals(process) || ready == value || !state.has("running")) {
                return;
            }
            ready = value;
        }
        changed.run();
    }

    /** Ends the container for good: SIGTERM, then SIGKILL after the grace period. Returns when the process has ended. */
    void stop(long graceSeconds) {
        Process mine;
        synchronized (lock) {
            stopping = true;
            lock.notifyAll();
            mine = process;
        }
        if (mine != null) {
            terminate(mine, graceSeconds);
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void terminate(Process process, long graceSeconds) {
        try {
            if (graceSeconds > 0) {
                process.destroy();
                if (process.waitFor(graceSeconds, TimeUnit.SECONDS)) {
                    return;
                }
            }
            killAll(process);
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a process at once, with all that came of it. */
    static void killAll(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /**
     * Runs a command in the container's place, until it ends or the container does.
     *
     * @param merged whether both its outputs are one
     * @throws IOException when the container does not run, or there is no such command
     */
    Process exec(List<String> command, boolean merged) throws IOException {
        Process host;
        synchronized (lock) {
            host = state.has("running") ? process : null;
        }
        if (host == null) {
            throw new IOException("container not found (\"" + Json.text(container, "name") + "\")");
        }
        Process guest = kubelet.spawn(launcher.command(command).redirectErrorStream(merged));
        guests.add(guest);
        guest.onExit().thenRun(() -> guests.remove(guest));
        if (!host.isAlive()) {
            killAll(guest);
        }
        return guest;
    }

    /** The container's name. */
    String name() {
        return Json.text(container, "name");
    }

    /** The process id, or -1 when nothing runs. */
    long pid() {
        synchronized (lock) {
            return process != null && process.isAlive() ? process.pid() : -1;
        }
    }

    /** What the newest process has written, whether it runs or not; empty before the first. */
    Optional<Path> log() {
        synchronized (lock) {
            return Optional.ofNullable(log);
        }
    }

    /** What the process has written whose end is the container's last state; empty when there is none. */
    Optional<Path> previousLog() {
        synchronized (lock) {
            return Optional.ofNullable(lastLog);
        }
    }

    /** Whether more may come into the file. */
    boolean writes(Path file) {
        synchronized (lock) {
            return file.equals(log) && process.isAlive();
        }
    }

    boolean isReady() {
        synchronized (lock) {
            return ready;
        }
    }

    private boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    private void set(ObjectNode now) {
        synchronized (lock) {
            state = now;
        }
        changed.run();
    }

    /** One entry of {@code containerStatuses}. */
    ObjectNode status() {
        synchronized (lock) {
            ObjectNode status = Json.object().put("name", Json.text(container, "name"));
            status.set("state", state.deepCopy());
            status.set("lastState", lastState.deepCopy());
            status.put("ready", ready).put("restartCount", restarts);
            status.put("image", Json.text(container, "image")).put("imageID", "sandbox://local");
            if (!containerId.isEmpty()) {
                status.put("containerID", containerId);
            }
            return status.put("started", state.has("running"));
        }
    }

    private static ObjectNode waiting(String reason, String message) {
        ObjectNode state = Json.object();
        ObjectNode waiting = state.putObject("waiting").put("reason", reason);
        if (message != null && !message.isEmpty()) {
            waiting.put("message", message);
        }
        return state;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
