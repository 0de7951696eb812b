package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ApiException;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.controller.Loop;
import dev.redisreplication.sandbox.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Runs one pod from its start to its end, and writes its status. */
final class PodRunner {
    private static final WriteOptions OPTIONS = WriteOptions.of("kubelet");

    private final Api api;
    private final Kubelet kubelet;
    private final Volumes volumes;
    private final ObjectNode pod;
    private final String ip;
    private final Path logs;
    private final String startedAt = Api.now();
    private final List<ContainerRunner> containers = new ArrayList<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Loop statusLoop;

    PodRunner(Api api, Kubelet kubelet, Volumes volumes, ObjectNode pod, String ip) {
        this.api = api;
        this.kubelet = kubelet;
        this.volumes = volumes;
        this.pod = pod;
        this.ip = ip;
        // A folder a pod, a folder a container, a file a process, as on a node.
        logs = kubelet.logs().resolve(Json.namespace(pod) + "_" + Json.name(pod) + "_" + uid());
        statusLoop = new Loop("pod-" + Json.name(pod), this::writeStatus);
        for (JsonNode container : Json.at(pod, "spec", "containers")) {
            containers.add(new ContainerRunner(
                    container,
                    ip,
                    Json.at(pod, "spec", "restartPolicy").asText("Always"),
                    instead -> process(container, instead),
                    logs.resolve(Json.text(container, "name")),
                    kubelet,
                    statusLoop::wake));
        }
    }

    void start() {
        containers.forEach(ContainerRunner::start);
    }

    void refreshVolumes() {
        volumes.refresh(pod);
    }

    String uid() {
        return Json.uid(pod);
    }

    String ip() {
        return ip;
    }

    List<ContainerRunner> containers() {
        return List.copyOf(containers);
    }

    /** The runner of a container by name; of the first one for the empty text. */
    Optional<ContainerRunner> container(String name) {
        return containers.stream()
                .filter(c -> name.isEmpty() || c.name().equals(name))
                .findFirst();
    }

    /** The container's own process, or with a command another one in the same place. */
    private ProcessBuilder process(JsonNode container, List<String> instead) throws IOException {
        Image image = kubelet.image(Json.text(container, "image"));
        Map<String, String> mounts = volumes.mount(pod, container);
        Map<String, String> variables = Environment.of(api, pod, container, ip);
        List<String> command = new ArrayList<>();
        if (instead.isEmpty()) {
            command.addAll(image.entrypoint());
            if (container.has("command")) {
                command.clear();
                container.path("command").forEach(c -> command.add(Environment.expand(c.asText(), variables)));
            }
            container
                    .path("args")
                    .forEach(a -> command.add(Volumes.translate(Environment.expand(a.asText(), variables), mounts)));
        } else {
            instead.forEach(word -> command.add(Volumes.translate(word, mounts)));
        }
        Path home = Files.createDirectories(volumes.podDirectory(uid()).resolve("home"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        Map<String, String> environment = builder.environment();
        Map<String, String> host = new HashMap<>(environment);
        environment.clear();
        environment.put("PATH", kubelet.tools(image) + host.getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("HOME", home.toString());
        environment.put("HOSTNAME", Json.name(pod));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        variables.forEach((k, v) -> environment.put(k, Volumes.translate(v, mounts)));
        image.environment().forEach((k, v) -> environment.put(k, v.replace("$(POD_IP)", ip)));
        // Java would look on the PATH of this process.
        command.set(0, onPath(environment.get("PATH"), command.getFirst()));
        return builder;
    }

    private static String onPath(String path, String command) {
        return command.contains("/")
                ? command
                : Arrays.stream(path.split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, command))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .map(Path::toString)
                        .orElse(command);
    }

    /** Ends the pod and then, unless it has gone already, its object. Only the first call does anything. */
    void end(long graceSeconds) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        Thread.ofVirtual().name("pod-end-" + Json.name(pod)).start(() -> {
            stopContainers(graceSeconds);
            statusLoop.close();
            remove(volumes.podDirectory(uid()));
            remove(logs);
            kubelet.ended(this);
            ObjectNode options = Json.object().put("gracePeriodSeconds", 0);
            options.putObject("preconditions").put("uid", uid());
            try {
                api.delete(api.type("pods"), Json.namespace(pod), Json.name(pod), options, false);
            } catch (ApiException e) {
                // It was deleted by force, or has a successor.
            }
        });
    }

    /** Ends the processes and nothing else; for the end of the sandbox. */
    void stopContainers(long graceSeconds) {
        List<Thread> stopping = containers.stream()
                .map(c -> Thread.ofVirtual().start(() -> c.stop(graceSeconds)))
                .toList();
        for (Thread thread : stopping) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // What is left goes with the state directory.
        }
    }

    private void writeStatus() {
        api.edit(api.type("pods"), Json.namespace(pod), Json.name(pod), "status", OPTIONS, current -> {
            if (Json.uid(current).equals(uid())) {
                fill(Json.child(current, "status"));
            }
            return current;
        });
    }

    private void fill(ObjectNode status) {
        ArrayNode statuses = Json.array();
        containers.forEach(c -> statuses.add(c.status()));
        boolean allReady = containers.stream().allMatch(ContainerRunner::isReady);
        boolean allEnded = true;
        boolean failed = false;
        boolean everStarted = false;
        for (JsonNode container : statuses) {
            everStarted |= container.has("containerID");
            allEnded &= Json.at(container, "state").has("terminated");
            failed |= Json.at(container, "state", "terminated", "exitCode").asInt(0) != 0;
        }
        boolean over = allEnded && !Json.text(pod, "spec", "restartPolicy").equals("Always");
        String phase = over ? (failed ? "Failed" : "Succeeded") : everStarted ? "Running" : "Pending";
        status.put("phase", phase).put("hostIP", "127.0.0.1").put("podIP", ip);
        status.putArray("podIPs").addObject().put("ip", ip);
        status.putArray("hostIPs").addObject().put("ip", "127.0.0.1");
        status.put("startTime", startedAt).put("qosClass", "Burstable");
        condition(status, "PodScheduled", true);
        condition(status, "Initialized", true);
        condition(status, "ContainersReady", allReady);
        condition(status, "Ready", allReady);
        status.set("containerStatuses", statuses);
    }

    private static void condition(ObjectNode status, String type, boolean value) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode array ? array : status.putArray("conditions");
        ObjectNode found = null;
        for (JsonNode condition : conditions) {
            if (Json.text(condition, "type").equals(type)) {
                found = (ObjectNode) condition;
            }
        }
        String wanted = value ? "True" : "False";
        if (found == null) {
            found = conditions.addObject().put("type", type);
        }
        if (!Json.text(found, "status").equals(wanted)) {
            found.put("status", wanted).put("lastTransitionTime", Api.now());
            found.putNull("lastProbeTime");
        }
    }
}
