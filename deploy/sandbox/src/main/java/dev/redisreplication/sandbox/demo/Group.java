package dev.redisreplication.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ResourceType;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.kubelet.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A group of nodes in a sandbox, seen from outside: started, found ready, asked who is master. */
public final class Group {
    public static final String NAMESPACE = "default";
    public static final int REDIS_PORT = 6379;

    static final String OPERATOR = "redis-replication-operator";
    static final String OPERATOR_NAMESPACE = "redis-replication";

    private final Sandbox sandbox;
    private final String name;

    private Group(Sandbox sandbox, String name) {
        this.sandbox = sandbox;
        this.name = name;
    }

    /** The images that the system needs, built in the repository at the root. */
    public static List<Image> images(Path root) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path node = root.resolve("node-image/bin/redis-node");
        Path operator = root.resolve("operator/target/quarkus-app/quarkus-run.jar");
        for (Path needed : List.of(node, operator)) {
            if (!Files.exists(needed)) {
                throw new IllegalStateException("not built: " + needed);
            }
        }
        return List.of(
                new Image(
                        "redis-replication/node",
                        List.of(node.toString()),
                        Map.of("REDIS_NODE_BIND", "$(POD_IP)", "REDIS_NODE_BIND_SOURCE_ADDR", "$(POD_IP)"),
                        // As in node-image/Dockerfile, but that the pod's address is not 127.0.0.1.
                        Map.of("redis-cli", client(node))),
                new Image(
                        "redis-replication/operator",
                        List.of(
                                java,
                                // As in operator/Dockerfile.
                                "-Xms24m",
                                "-Xmx192m",
                                "-XX:+UseSerialGC",
                                "-XX:+UseCompactObjectHeaders",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:CompileThresholdScaling=0.05",
                                "-XX:-UsePerfData",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-jar",
                                operator.toString()),
                        Map.of("QUARKUS_HTTP_HOST", "$(POD_IP)", "KUBECONFIG", "$(KUBECONFIG)")));
    }

    /** The launcher is the client when it is called by that name. */
    private static String client(Path node) {
        return """
                #!/bin/sh
                ln -sf '%s' "$HOME/redis-cli" && exec "$HOME/redis-cli" -h "$REDIS_NODE_BIND" "$@"
                """.formatted(node);
    }

    /** Starts the operator as a pod, unless it runs already. */
    public static void startOperator(Sandbox sandbox) {
        startOperator(sandbox, OPERATOR, Map.of());
    }

    /**
     * Starts one operator of several.
     *
     * @param pod its name
     * @param environment added to that of every operator
     */
    public static void startOperator(Sandbox sandbox, String pod, Map<String, String> environment) {
        ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", OPERATOR_NAMESPACE);
        sandbox.apply(namespace);
        ObjectNode object = (ObjectNode) Json.parse("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "%1$s", "namespace": "%2$s", "labels": {"app.kubernetes.io/name": "%3$s"}},
                 "spec": {"nodeName": "sandbox", "containers": [{
                   "name": "operator", "image": "redis-replication/operator:0.1.0",
                   "ports": [{"name": "http", "containerPort": 8080}],
                   "env": [{"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                           {"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}],
                   "readinessProbe": {"httpGet": {"path": "/q/health/ready", "port": "http"}, "periodSeconds": 2}}]}}
                """.formatted(pod, OPERATOR_NAMESPACE, OPERATOR));
        ArrayNode env = (ArrayNode) object.at("/spec/containers/0/env");
        environment.forEach((key, value) -> env.addObject().put("name", key).put("value", value));
        sandbox.apply(object);
    }

    /** Ends the operator's process at once; its pod starts another. */
    public static void killOperator(Sandbox sandbox) {
        operator(sandbox, OPERATOR).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** The process of an operator's pod, if it runs. */
    public static Optional<ProcessHandle> operator(Sandbox sandbox, String pod) {
        OptionalLong pid = sandbox.kubelet().pid(OPERATOR_NAMESPACE, pod);
        return pid.isPresent() ? ProcessHandle.of(pid.getAsLong()) : Optional.empty();
    }

    /** The operator's log, once it has one. */
    public static Path operatorLog(Sandbox sandbox) {
        return operatorLog(sandbox, OPERATOR);
    }

    /** The log of an operator's pod, once it has one. */
    public static Path operatorLog(Sandbox sandbox, String pod) {
        return sandbox.kubelet().log(OPERATOR_NAMESPACE, pod).orElseThrow();
    }

    /** The pod of the operator that leads, by the Lease that they elect by; empty when there is none. */
    public static String leadingOperator(Sandbox sandbox) {
        String holder = leader(sandbox);
        return holder.substring(0, Math.max(0, holder.indexOf('_')));
    }

    /** The process that leads, as the Lease names it: its pod, and what tells it from the pod's earlier processes. */
    static String leader(Sandbox sandbox) {
        Api api = sandbox.api();
        return Json.text(api.find(api.type("leases"), OPERATOR_NAMESPACE, OPERATOR), "spec", "holderIdentity");
    }

    /** Applies the group in the file. */
    public static Group apply(Sandbox sandbox, Path file) throws IOException {
        JsonNode sample = Json.readYaml(Files.readAllBytes(file));
        sandbox.apply(file);
        return new Group(sandbox, Json.name(sample));
    }

    public String name() {
        return name;
    }

    /** The resource as it is now. */
    public ObjectNode resource() {
        Api api = sandbox.api();
        ResourceType type = api.types()
                .find("redis-replication.dev", "v1alpha1", "redisreplicationgroups")
                .orElseThrow();
        return api.get(type, NAMESPACE, name);
    }

    /** Changes the resource as {@code kubectl edit} does. */
    public void edit(UnaryOperator<ObjectNode> change) {
        Api api = sandbox.api();
        ResourceType type = api.types()
                .find("redis-replication.dev", "v1alpha1", "redisreplicationgroups")
                .orElseThrow();
        api.edit(type, NAMESPACE, name, "", WriteOptions.of("kubectl-edit"), change);
    }

    /** A field of the status as text, empty when absent. */
    public String status(String field) {
        return Json.text(resource(), "status", field);
    }

    /** The pods, in the order of their names. */
    public List<ObjectNode> pods() {
        Api api = sandbox.api();
        return api.list(
                api.type("pods"), NAMESPACE, p -> Json.text(p, "metadata", "labels", "redis-replication.dev/group")
                        .equals(name));
    }

    /** Whether all members are there and the last ones follow. */
    public boolean isReady() {
        ObjectNode resource = resource();
        int replicas = Json.at(resource, "spec", "replicas").asInt(3);
        if (!status("phase").equals("Ready") || !status("ready").equals(replicas + "/" + replicas)) {
            return false;
        }
        long masters = pods().stream()
                .filter(p -> Json.text(p, "metadata", "labels", "redis-replication.dev/role")
                        .equals("master"))
                .count();
        return masters == 1;
    }

    /** The address of the Service that leads to the master, or empty when it is not there yet. */
    public String readWriteAddress() {
        Api api = sandbox.api();
        return Json.text(api.find(api.type("services"), NAMESPACE, readWriteService()), "spec", "clusterIP");
    }

    public String readWriteService() {
        return name + "-rw";
    }

    /** The group's password, or empty when there is no Secret. */
    public String password() {
        Api api = sandbox.api();
        String given = Json.text(resource(), "spec", "auth", "secretName");
        ObjectNode secret = api.find(api.type("secrets"), NAMESPACE, given.isEmpty() ? name + "-auth" : given);
        String encoded = Json.text(secret, "data", "password");
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    /** Ends a member's process at once, with everything below it. */
    public void kill(String pod) {
        long pid = pid(pod);
        ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(handle.descendants().toList());
        all.add(handle);
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Sends a signal to a member's process by the {@code kill} command. */
    public void signal(String pod, String signal) throws IOException {
        signal(pid(pod), signal);
    }

    /** Sends a signal to a process by the {@code kill} command. */
    public static void signal(long pid, String signal) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process id of a member that runs. */
    public long pid(String pod) {
        return sandbox.kubelet()
                .pid(NAMESPACE, pod)
                .orElseThrow(() -> new IllegalStateException(pod + " is not running"));
    }

    /**
     * Waits.
     *
     * @return whether it became true in time
     */
    public static boolean await(Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
