package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Repository;
import dev.redisreplication.sandbox.json.Json;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;

/** An API server without a kubelet, with the group's definition in it. */
public final class TestApi implements AutoCloseable {
    public final Api api;
    private final ApiServer server;

    public TestApi() throws IOException {
        AtomicInteger next = new AtomicInteger();
        api = new Api(new Admission.AddressPool() {
            @Override
            public String take() {
                return "127.9.0." + next.incrementAndGet();
            }

            @Override
            public void release(String address) {
                // Addresses are not used again here.
            }
        });
        server = new ApiServer(api, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), new Containers() {});
        ObjectNode crd = (ObjectNode) Json.readYaml(Files.readAllBytes(Repository.crd()));
        api.create(api.type("customresourcedefinitions"), "", crd, WriteOptions.of("test"));
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /**
     * A client as an operator has it, but for the speed of its retries and the form of its watches: over a WebSocket, what comes
     * before the thread that asked for it has gone on is lost inside of Fabric8's Vert.x client.
     */
    public KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withNamespace("default")
                .withRequestRetryBackoffLimit(0)
                .withOnlyHttpWatches(true)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
