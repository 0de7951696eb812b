package dev.redisreplication.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Admission.AddressPool;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ApiServer;
import dev.redisreplication.sandbox.api.ResourceType;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.controller.GarbageCollector;
import dev.redisreplication.sandbox.controller.ServiceEndpoints;
import dev.redisreplication.sandbox.controller.StatefulSets;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.kubelet.Addresses;
import dev.redisreplication.sandbox.kubelet.Image;
import dev.redisreplication.sandbox.kubelet.Kubelet;
import dev.redisreplication.sandbox.kubelet.ServiceProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A cluster of one node in this process. Closing it, or the end of this process in whatever way, ends every process that
 * it started and removes every file that it made.
 */
public final class Sandbox implements AutoCloseable {
    private static final WriteOptions OPTIONS = WriteOptions.of("sandbox");

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path state;
    private final Path kubeconfig;
    private final Api api;
    private final ApiServer server;
    private final Kubelet kubelet;
    private final ServiceProxy proxy;

    /**
     * Starts the cluster.
     *
     * @param images what can be run in it; their environment may use {@code $(KUBECONFIG)}
     * @param apiPort the API server's port on 127.0.0.1; 0 takes a free one
     * @param backOff the kubelet's pause before the second restart of a container
     */
    public Sandbox(List<Image> images, int apiPort, Duration backOff) throws IOException {
        Addresses addresses = add(new Addresses());
        state = Files.createTempDirectory("redis-sandbox-");
        kubeconfig = state.resolve("kubeconfig");
        api = new Api(new AddressPool() {
            @Override
            public String take() {
                return addresses.service();
            }

            @Override
            public void release(String address) {
                addresses.releaseService(address);
            }
        });
        List<Image> placed = images.stream().map(this::withKubeconfig).toList();
        kubelet = add(new Kubelet(api, addresses, state, placed, backOff));
        try {
            server = add(
                    new ApiServer(api, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), apiPort), kubelet));
        } catch (IOException e) {
            close();
            throw new IOException("cannot serve the API on 127.0.0.1:" + apiPort + ": " + e.getMessage(), e);
        }
        add(new StatefulSets(api));
        add(new ServiceEndpoints(api));
        add(new GarbageCollector(api));
        proxy = add(new ServiceProxy(api));
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: sandbox
                  cluster: {server: "http://127.0.0.1:%d"}
                contexts:
                - name: sandbox
                  context: {cluster: sandbox, user: sandbox, namespace: default}
                current-context: sandbox
                users:
                - name: sandbox
                  user: {}
                """.formatted(server.port()));
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    private Image withKubeconfig(Image image) {
        return new Image(
                image.name(),
                image.entrypoint(),
                image.environment().entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, e -> e.getValue().replace("$(KUBECONFIG)", kubeconfig.toString()))),
                image.tools());
    }

    /** The API without HTTP. */
    public Api api() {
        return api;
    }

    /** The API with HTTP. */
    public ApiServer server() {
        return server;
    }

    public Kubelet kubelet() {
        return kubelet;
    }

    public ServiceProxy proxy() {
        return proxy;
    }

    /** The file that {@code kubectl --kubeconfig} takes. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Where the API server listens: {@code http://127.0.0.1:port}. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Applies every object of the file, as {@code kubectl apply --server-side} does. */
    public void apply(Path file) throws IOException {
        for (String document : Files.readString(file).split("(?m)^---\\s*$", -1)) {
            if (Json.readYaml(document.getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode object) {
                apply(object);
            }
        }
    }

    /** Applies one object; one without a namespace goes to {@code default}. */
    public ObjectNode apply(ObjectNode object) {
        ResourceType type = api.types()
                .ofObject(object)
                .orElseThrow(() -> new IllegalArgumentException("no such kind: " + Json.text(object, "kind")));
        String namespace = Json.namespace(object).isEmpty() ? "default" : Json.namespace(object);
        return api.apply(type, namespace, Json.name(object), "", object, OPTIONS);
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.getLogger(Sandbox.class.getName()).log(System.Logger.Level.WARNING, "while closing", e);
            }
        }
    }
}
