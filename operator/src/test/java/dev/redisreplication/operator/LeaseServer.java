package dev.redisreplication.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** As much of an API server as one Lease needs: GET, and PUT that compares the resource version. */
final class LeaseServer implements AutoCloseable {

    private final HttpServer server;
    final KubernetesClient client;
    final List<Lease> written = new ArrayList<>();
    Lease lease;
    /** Runs once, after the next read was answered. */
    Runnable afterRead = () -> {};

    LeaseServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    synchronized void heldBy(String holder) {
        long version = lease == null ? 1 : Long.parseLong(lease.getMetadata().getResourceVersion()) + 1;
        lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("redis-replication-operator")
                .withResourceVersion(Long.toString(version))
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(15)
                .withLeaseTransitions(4)
                .withAcquireTime(ZonedDateTime.parse("2026-01-01T00:00:00Z"))
                .withRenewTime(ZonedDateTime.parse("2026-01-01T00:00:00Z"))
                .endSpec()
                .build();
    }

    private synchronized void handle(HttpExchange exchange) {
        try (exchange) {
            if (lease == null) {
                answer(exchange, 404, "{\"kind\":\"Status\",\"code\":404}");
            } else if (exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 200, Serialization.asJson(lease));
                Runnable then = afterRead;
                afterRead = () -> {};
                then.run();
            } else {
                Lease wanted = Serialization.unmarshal(exchange.getRequestBody(), Lease.class);
                String version = lease.getMetadata().getResourceVersion();
                if (!version.equals(wanted.getMetadata().getResourceVersion())) {
                    answer(exchange, 409, "{\"kind\":\"Status\",\"code\":409}");
                    return;
                }
                wanted.getMetadata().setResourceVersion(Long.toString(Long.parseLong(version) + 1));
                lease = wanted;
                written.add(wanted);
                answer(exchange, 200, Serialization.asJson(lease));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
