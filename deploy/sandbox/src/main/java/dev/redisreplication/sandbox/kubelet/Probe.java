package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One try of an HTTP or TCP probe. Probes by exec or gRPC are not emulated and always succeed. */
final class Probe {
    private Probe() {}

    /**
     * Tries once.
     *
     * @return null when it succeeded, or what went wrong
     */
    static String failure(JsonNode probe, JsonNode container, String podIp) {
        int timeout = Math.max(1, probe.path("timeoutSeconds").asInt(1)) * 1000;
        JsonNode action = probe.has("httpGet") ? probe.path("httpGet") : probe.path("tcpSocket");
        if (action.isMissingNode()) {
            return null;
        }
        int port = port(action.path("port"), container);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(podIp, port), timeout);
            socket.setSoTimeout(timeout);
            return probe.has("httpGet") ? http(socket, action, podIp) : null;
        } catch (IOException e) {
            return "dial tcp " + podIp + ":" + port + ": " + e.getMessage();
        }
    }

    private static String http(Socket socket, JsonNode action, String podIp) throws IOException {
        String path = action.path("path").asText("/");
        OutputStream out = socket.getOutputStream();
        out.write(("GET " + path + " HTTP/1.1\r\nHost: " + podIp
                        + "\r\nUser-Agent: kube-probe/1.32\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        InputStream in = socket.getInputStream();
        String answer = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
        if (!answer.startsWith("HTTP/1.") || answer.length() < 12) {
            return "malformed HTTP response";
        }
        int code = Integer.parseInt(answer.substring(9, 12));
        return code >= 200 && code < 400 ? null : "HTTP probe failed with statuscode: " + code;
    }

    private static int port(JsonNode port, JsonNode container) {
        if (port.isTextual()) {
            for (JsonNode declared : container.path("ports")) {
                if (Json.text(declared, "name").equals(port.asText())) {
                    return declared.path("containerPort").asInt();
                }
            }
        }
        return port.asInt();
    }
}
