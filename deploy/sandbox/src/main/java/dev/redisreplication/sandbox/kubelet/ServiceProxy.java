package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.controller.Loop;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Leads connections to a Service's address to one of its ready endpoints. As with kube-proxy, a connection without an
 * endpoint is refused, and one that stands stays with its pod until either side ends it; when the pod's address is no
 * longer an endpoint of any kind (the pod has gone), its connections are reset.
 */
public final class ServiceProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 1000;

    private final Api api;
    private final Map<String, Listener> listeners = new HashMap<>();
    private final Loop loop;

    private record Backend(String address, int port) {}

    public ServiceProxy(Api api) {
        this.api = api;
        loop = new Loop("proxy", this::reconcile);
        api.listen(api.type("services"), (object, removed) -> loop.wake());
        api.listen(api.type("endpointslices"), (object, removed) -> loop.wake());
    }

    /** Leads a port of 127.0.0.1 (0: a free one) to the Service, for as long as this lives. Returns the port. */
    public synchronized int forward(int port, String namespace, String service, int servicePort) throws IOException {
        Listener listener = new Listener("127.0.0.1", port);
        listeners.put("local:" + namespace + "/" + service + ":" + servicePort, listener);
        loop.wake();
        return listener.port();
    }

    private synchronized void reconcile() {
        Set<String> wanted = new HashSet<>();
        for (ObjectNode service : api.list(api.type("services"), "", o -> true)) {
            String ip = Json.text(service, "spec", "clusterIP");
            for (JsonNode port : Json.at(service, "spec", "ports")) {
                List<Backend> ready = new ArrayList<>();
                Set<String> known = new HashSet<>();
                backends(service, port, ready, known);
                int number = port.path("port").asInt();
                Listener local =
                        listeners.get("local:" + Json.namespace(service) + "/" + Json.name(service) + ":" + number);
                if (local != null) {
                    local.backends(ready, known);
                }
                if (!ip.equals("None") && !ip.isEmpty()) {
                    wanted.add(ip + ":" + number);
                    Listener listener = listeners.computeIfAbsent(ip + ":" + number, k -> open(ip, number));
                    listener.backends(ready, known);
                }
            }
        }
        listeners.entrySet().removeIf(e -> {
            boolean gone = !e.getKey().startsWith("local:") && !wanted.contains(e.getKey());
            if (gone) {
                e.getValue().close();
            }
            return gone;
        });
    }

    private void backends(ObjectNode service, JsonNode port, List<Backend> ready, Set<String> known) {
        List<ObjectNode> slices = api.list(api.type("endpointslices"), Json.namespace(service), s -> Json.text(
                        s, "metadata", "labels", "kubernetes.io/service-name")
                .equals(Json.name(service)));
        for (ObjectNode slice : slices) {
            for (JsonNode target : slice.path("ports")) {
                if (!Json.text(target, "name").equals(Json.text(port, "name"))) {
                    continue;
                }
                for (JsonNode endpoint : slice.path("endpoints")) {
                    String address = endpoint.path("addresses").path(0).asText();
                    known.add(address);
                    if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                        ready.add(new Backend(address, target.path("port").asInt()));
                    }
                }
            }
        }
        // An endpoint that has left this Service may still be a pod.
        api.list(api.type("pods"), Json.namespace(service), o -> true)
                .forEach(p -> known.add(Json.text(p, "status", "podIP")));
    }

    private static Listener open(String ip, int port) {
        try {
            return new Listener(ip, port);
        } catch (IOException e) {
            throw new IllegalStateException("cannot listen on " + ip + ":" + port, e);
        }
    }

    @Override
    public synchronized void close() {
        loop.close();
        listeners.values().forEach(Listener::close);
    }

    private static final class Listener {
        private final ServerSocket server = new ServerSocket();
        private final Map<Socket, String> connections = new ConcurrentHashMap<>();
        private volatile List<Backend> ready = List.of();

        Listener(String ip, int port) throws IOException {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(ip, port), 256);
            Thread.ofVirtual().name("proxy-" + ip).start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        void backends(List<Backend> now, Set<String> known) {
            ready = List.copyOf(now);
            connections.forEach((socket, address) -> {
                if (!known.contains(address)) {
                    reset(socket);
                }
            });
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().name("proxy").start(() -> lead(client));
                } catch (IOException e) {
                    // Closed, or the client was gone before it was accepted.
                }
            }
        }

        private void lead(Socket client) {
            List<Backend> choices = ready;
            if (choices.isEmpty()) {
                reset(client);
                return;
            }
            Backend chosen = choices.get(ThreadLocalRandom.current().nextInt(choices.size()));
            Socket server = new Socket();
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(chosen.address(), chosen.port()), CONNECT_MILLIS);
            } catch (IOException e) {
                reset(client);
                reset(server);
                return;
            }
            connections.put(client, chosen.address());
            Thread.ofVirtual().name("proxy-up").start(() -> copy(client, server));
            copy(server, client);
            connections.remove(client);
        }

        /** An orderly end is passed on, a reset as a reset. */
        private static void copy(Socket from, Socket to) {
            byte[] buffer = new byte[16384];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                }
                to.shutdownOutput();
                if (from.isOutputShutdown()) {
                    from.close();
                    to.close();
                }
            } catch (IOException e) {
                reset(from);
                reset(to);
            }
        }

        void close() {
            try {
                server.close();
            } catch (IOException e) {
                // It is closed.
            }
            connections.keySet().forEach(Listener::reset);
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It is closed.
            }
        }
    }
}
