package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ApiException;
import dev.redisreplication.sandbox.api.Containers;
import dev.redisreplication.sandbox.api.Containers.Usage;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.controller.Loop;
import dev.redisreplication.sandbox.controller.StatefulSets;
import dev.redisreplication.sandbox.http.HttpExchange;
import dev.redisreplication.sandbox.http.HttpExchange.MessageSink;
import dev.redisreplication.sandbox.json.Json;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one node of the sandbox. Each container is a process on this machine, on a loopback address of its pod. What a real
 * kubelet does and this does not: images, init containers, exec probes, resource limits, file systems of their own; and a command that is executed in a pod sees the
 * machine's 127.0.0.1, not the pod's. What
 * it does sooner: the end of a container is published at once, where a real one looks each second, and a changed Secret is in
 * the volumes at once, where a real one looks each minute.
 */
public final class Kubelet implements AutoCloseable, Containers {
    private final Api api;
    private final Addresses addresses;
    private final Path state;
    private final List<Image> images;
    private final Duration backOff;
    private final Volumes volumes;
    private final Watchdog watchdog;
    private final String id = UUID.randomUUID().toString();
    private final Map<String, PodRunner> runners = new ConcurrentHashMap<>();
    private final Loop loop;
    private final Loop volumeLoop;
    private volatile boolean closed;

    /**
     * Starts the kubelet.
     *
     * @param state an own directory, removed when this ends in whatever way
     * @param backOff the pause before the second restart of a container; doubled up to thirty times as much
     */
    public Kubelet(Api api, Addresses addresses, Path state, List<Image> images, Duration backOff) throws IOException {
        this.api = api;
        this.addresses = addresses;
        this.state = state;
        this.images = List.copyOf(images);
        this.backOff = backOff;
        volumes = new Volumes(api, state);
        watchdog = new Watchdog(id, state);
        for (Image image : this.images) {
            writeTools(image);
        }
        loop = new Loop("kubelet", this::reconcile);
        volumeLoop = new Loop("volumes", () -> runners.values().forEach(PodRunner::refreshVolumes));
        ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata").put("name", StatefulSets.NODE);
        api.create(api.type("nodes"), "", node, WriteOptions.of("kubelet"));
        api.edit(api.type("nodes"), "", StatefulSets.NODE, "status", WriteOptions.of("kubelet"), object -> {
            ObjectNode status = Json.child(object, "status");
            for (String what : List.of("capacity", "allocatable")) {
                status.putObject(what)
                        .put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()))
                        .put("memory", Usages.memory("MemTotal:") / 1024 + "Ki")
                        .put("pods", "110");
            }
            status.putObject("nodeInfo").put("kubeletVersion", "v1.32.0+sandbox");
            status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
            return object;
        });
        api.listen(api.type("pods"), (pod, removed) -> loop.wake());
        api.listen(api.type("secrets"), (secret, removed) -> volumeLoop.wake());
        api.listen(api.type("configmaps"), (map, removed) -> volumeLoop.wake());
    }

    private void reconcile() {
        Set<String> present = new HashSet<>();
        for (ObjectNode pod : api.list(api.type("pods"), "", o -> true)) {
            present.add(Json.uid(pod));
            if (closed || !Json.text(pod, "spec", "nodeName").equals(StatefulSets.NODE)) {
                continue;
            }
            PodRunner runner = runners.get(Json.uid(pod));
            if (Json.deleting(pod)) {
                long grace =
                        Json.at(pod, "metadata", "deletionGracePeriodSeconds").asLong(30);
                if (runner != null) {
                    runner.end(grace);
                }
            } else if (runner == null) {
                PodRunner started = new PodRunner(api, this, volumes, pod, addresses.pod());
                runners.put(Json.uid(pod), started);
                started.start();
            }
        }
        // A pod deleted by force has lost its object; its processes get the second that a real kubelet gives them.
        runners.forEach((uid, runner) -> {
            if (!present.contains(uid)) {
                runner.end(1);
            }
        });
    }

    void ended(PodRunner runner) {
        runners.remove(runner.uid());
    }

    Path logs() {
        return state.resolve("logs");
    }

    Duration backOff() {
        return backOff;
    }

    Duration backOffLimit() {
        return backOff.multipliedBy(30);
    }

    Image image(String reference) {
        return images.stream()
                .filter(i -> i.matches(reference))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no image " + reference + ": the sandbox has "
                        + images.stream().map(Image::name).toList()));
    }

    /** What the PATH in a container of the image begins with. */
    String tools(Image image) {
        return image.tools().isEmpty() ? "" : toolsOf(image) + File.pathSeparator;
    }

    private Path toolsOf(Image image) {
        return state.resolve("tools").resolve(image.name().replace('/', '_'));
    }

    private void writeTools(Image image) throws IOException {
        for (Map.Entry<String, String> tool : image.tools().entrySet()) {
            Path file = Files.createDirectories(toolsOf(image)).resolve(tool.getKey());
            Files.writeString(file, tool.getValue());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    Process spawn(ProcessBuilder builder) throws IOException {
        builder.environment().put(Watchdog.MARK, id);
        Process process = builder.start();
        watchdog.watch(process.pid());
        return process;
    }

    /** The process id of a pod's first container, when it runs. */
    public OptionalLong pid(String namespace, String name) {
        ObjectNode pod = api.find(api.type("pods"), namespace, name);
        PodRunner runner = pod == null ? null : runners.get(Json.uid(pod));
        long pid = runner == null
                ? -1
                : runner.container("").map(ContainerRunner::pid).orElse(-1L);
        return pid < 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    /** What the newest process of a pod's first container writes into. */
    public Optional<Path> log(String namespace, String name) {
        ObjectNode pod = api.find(api.type("pods"), namespace, name);
        PodRunner runner = pod == null ? null : runners.get(Json.uid(pod));
        return runner == null ? Optional.empty() : runner.container("").flatMap(ContainerRunner::log);
    }

    @Override
    public void exec(ObjectNode pod, HttpExchange exchange) throws IOException {
        Exec.serve(running(pod, exchange.request().param("container")), exchange);
    }

    @Override
    public void forward(ObjectNode pod, HttpExchange exchange) throws IOException {
        running(pod, "");
        PortForward.serve(pod, runners.get(Json.uid(pod)).ip(), exchange);
    }

    /** The runner of a container, which may have ended just now. */
    private ContainerRunner running(ObjectNode pod, String name) {
        ContainerRunner container = container(pod, name);
        if (container == null || container.pid() < 0) {
            throw ApiException.badRequest("pod " + Json.name(pod) + " is not running: container not found (\""
                    + (container == null ? name : container.name()) + "\")");
        }
        return container;
    }

    /** Null when nothing of the pod is here. */
    private ContainerRunner container(ObjectNode pod, String name) {
        PodRunner runner = runners.get(Json.uid(pod));
        return runner == null
                ? null
                : runner.container(name)
                        .orElseThrow(() -> ApiException.badRequest(
                                "container " + name + " is not valid for pod " + Json.name(pod)));
    }

    @Override
    public Map<String, Map<String, Usage>> usages(List<ObjectNode> pods) {
        Map<Long, ContainerRunner> running = new LinkedHashMap<>();
        Map<Long, String> owners = new HashMap<>();
        for (ObjectNode pod : pods) {
            PodRunner runner = runners.get(Json.uid(pod));
            for (ContainerRunner container : runner == null ? List.<ContainerRunner>of() : runner.containers()) {
                long pid = container.pid();
                if (pid >= 0) {
                    running.put(pid, container);
                    owners.put(pid, Json.uid(pod));
                }
            }
        }
        Map<Long, Usage> usages = Usages.of(List.copyOf(running.keySet()));
        Map<String, Map<String, Usage>> byPod = new HashMap<>();
        running.forEach((pid, container) -> {
            if (usages.containsKey(pid)) {
                byPod.computeIfAbsent(owners.get(pid), uid -> new LinkedHashMap<>())
                        .put(container.name(), usages.get(pid));
            }
        });
        return byPod;
    }

    @Override
    public Usage machine() {
        return Usages.machine();
    }

    @Override
    public Duration window() {
        return Usages.WINDOW;
    }

    @Override
    public void log(ObjectNode pod, HttpExchange exchange) throws IOException {
        String name = exchange.request().param("container");
        ContainerRunner container = container(pod, name);
        boolean previous = exchange.request().flag("previous");
        Optional<Path> log =
                container == null ? Optional.empty() : previous ? container.previousLog() : container.log();
        if (log.isEmpty()) {
            String of = " container \"" + name + "\" in pod \"" + Json.name(pod) + "\"";
            throw ApiException.badRequest(
                    previous ? "previous terminated" + of + " not found" : of.strip() + " is waiting to start");
        }
        send(log.get(), container, exchange);
    }

    /** The file, and with {@code follow} what comes into it until the process ends. */
    private void send(Path log, ContainerRunner container, HttpExchange exchange) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r");
                MessageSink sink = exchange.stream("text/plain")) {
            String tail = exchange.request().param("tailLines");
            if (!tail.isEmpty()) {
                file.seek(tailStart(file, Long.parseLong(tail)));
            }
            AtomicBoolean gone = new AtomicBoolean();
            boolean follow = exchange.request().flag("follow");
            if (follow) {
                exchange.onGone(sink, () -> gone.set(true));
            }
            byte[] buffer = new byte[8192];
            boolean more;
            do {
                // Asked before reading: what is written after the answer is read by the next turn.
                more = follow && !gone.get() && !closed && container.writes(log);
                for (int n = file.read(buffer); n > 0; n = file.read(buffer)) {
                    sink.send(Arrays.copyOf(buffer, n));
                }
                if (more) {
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            } while (more);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long tailStart(RandomAccessFile file, long lines) throws IOException {
        long position = file.length();
        long left = lines + 1;
        while (position > 0 && left > 0) {
            file.seek(--position);
            if (file.read() == '\n') {
                left--;
            }
        }
        return left == 0 ? position + 1 : 0;
    }

    /** Ends every process, by SIGKILL, and removes the state directory. */
    @Override
    public void close() throws IOException {
        closed = true;
        loop.close();
        volumeLoop.close();
        List<Thread> ends = runners.values().stream()
                .map(r -> Thread.ofVirtual().start(() -> r.stopContainers(0)))
                .toList();
        try {
            for (Thread end : ends) {
                end.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watchdog.close();
    }
}
