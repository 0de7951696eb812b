package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.ApiException;
import dev.redisreplication.sandbox.http.HttpExchange;
import dev.redisreplication.sandbox.http.HttpRequest;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.stream.Channels;
import dev.redisreplication.sandbox.stream.Protocols;
import dev.redisreplication.sandbox.stream.Spdy;
import dev.redisreplication.sandbox.stream.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Leads streams of a client to ports of a pod: each connection has one for its bytes, and one that says what went wrong. */
final class PortForward {
    private static final String SPEAKS = "portforward.k8s.io";
    private static final String WITHIN = Spdy.PROTOCOL + "+" + SPEAKS;
    private static final String CHANNELS = "v4.channel.k8s.io";
    private static final int CONNECT_MILLIS = 1000;

    private final ObjectNode pod;
    private final String ip;
    private final Map<String, Stream> halves = new ConcurrentHashMap<>();

    private PortForward(ObjectNode pod, String ip) {
        this.pod = pod;
        this.ip = ip;
    }

    /** Serves the request until the client has gone. */
    static void serve(ObjectNode pod, String ip, HttpExchange exchange) throws IOException {
        HttpRequest request = exchange.request();
        PortForward forward = new PortForward(pod, ip);
        if (!request.wantsWebSocket()) {
            Protocols.requireSpdy(request);
            String protocol = Protocols.choose(request, "x-stream-protocol-version", List.of(SPEAKS));
            Spdy.serve(exchange, protocol, forward::opened);
            return;
        }
        String protocol = Protocols.choose(request, "sec-websocket-protocol", List.of(WITHIN, CHANNELS));
        if (protocol.equals(WITHIN)) {
            Spdy.serve(exchange.webSocket(protocol), forward::opened);
        } else {
            List<Integer> ports = ports(request);
            forward.serve(new Channels(exchange.webSocket(protocol), 2 * ports.size()), ports);
        }
    }

    private static List<Integer> ports(HttpRequest request) {
        List<Integer> ports = new ArrayList<>();
        for (String value : request.query().getOrDefault("ports", List.of())) {
            Arrays.stream(value.split(",", -1)).map(PortForward::port).forEach(ports::add);
        }
        if (ports.isEmpty()) {
            throw ApiException.badRequest("query parameter \"ports\" is required");
        }
        return ports;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw ApiException.badRequest("unable to parse \"" + text + "\" as a port");
    }

    /** One connection for each port; it begins with the port's number on both of its channels. */
    private void serve(Channels channels, List<Integer> ports) throws IOException {
        List<Thread> connections = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get(i);
            Stream data = channels.get(2 * i);
            Stream error = channels.get(2 * i + 1);
            byte[] number = {(byte) port, (byte) (port >> 8)};
            data.out().write(number);
            error.out().write(number);
            connections.add(Thread.ofVirtual().name("port-forward").start(() -> connect(port, data, error)));
        }
        Thread.ofVirtual().name("port-forward-end").start(() -> {
            try {
                for (Thread connection : connections) {
                    connection.join();
                }
                channels.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                // The client has gone.
            }
        });
        channels.serve();
    }

    /** Over SPDY the client opens two streams for each connection, which carry the same number. */
    private void opened(Stream stream) {
        Stream other = halves.putIfAbsent(stream.headers().getOrDefault("requestid", ""), stream);
        if (other != null) {
            halves.values().remove(other);
            boolean isData = stream.headers().getOrDefault("streamtype", "").equals("data");
            Stream data = isData ? stream : other;
            Stream error = isData ? other : stream;
            int port = Integer.parseInt(data.headers().getOrDefault("port", "0"));
            Thread.ofVirtual().name("port-forward").start(() -> connect(port, data, error));
        }
    }

    private void connect(int port, Stream data, Stream error) {
        try (OutputStream trouble = error.out();
                InputStream in = data.in();
                OutputStream out = data.out()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(ip, port), CONNECT_MILLIS);
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().name("port-forward-up").start(() -> up(in, socket));
                socket.getInputStream().transferTo(out);
            } catch (IOException e) {
                trouble.write(("error forwarding port " + port + " to pod " + Json.name(pod) + ", uid " + Json.uid(pod)
                                + ": " + e.getMessage())
                        .getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static void up(InputStream in, Socket socket) {
        try {
            in.transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException e) {
            // The pod takes no more; what it still says is led on.
        }
    }
}
