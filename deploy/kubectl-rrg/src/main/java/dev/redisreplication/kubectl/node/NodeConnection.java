package dev.redisreplication.kubectl.node;

import dev.redisreplication.kubectl.node.Resp.Reply;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A connection to the node in a pod, through a port-forward of the API server. One thread at a time. */
public final class NodeConnection implements AutoCloseable {
    /** The port of every node. */
    public static final int PORT = 6379;

    private final LocalPortForward forward;
    private final Resp resp;

    private NodeConnection(LocalPortForward forward, Resp resp) {
        this.forward = forward;
        this.resp = resp;
    }

    /**
     * Connects and logs in.
     *
     * @param password empty for none
     * @param patience for each answer
     * @throws IOException with the node's or the API server's words
     */
    @SuppressWarnings("AddressSelection") // The forward listens on the loopback address.
    public static NodeConnection open(PodResource pod, String password, Duration patience) throws IOException {
        LocalPortForward forward = pod.portForward(PORT);
        try {
            Socket socket = new Socket();
            int millis = (int) patience.toMillis();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), forward.getLocalPort()), millis);
            socket.setSoTimeout(millis);
            socket.setTcpNoDelay(true);
            NodeConnection connection = new NodeConnection(forward, new Resp(socket));
            if (!password.isEmpty() && connection.call("AUTH", password) instanceof Reply.Failure failure) {
                // A node without a password takes no AUTH.
                if (!failure.text().contains("without any password")) {
                    connection.close();
                    throw new IOException(failure.text());
                }
            }
            return connection;
        } catch (IOException e) {
            String why = forward.getServerThrowables().stream()
                    .map(Throwable::getMessage)
                    .findFirst()
                    .orElse(e.getMessage());
            forward.close();
            throw new IOException(why, e);
        }
    }

    /** Asks, and waits for the answer. */
    public Reply call(String... words) throws IOException {
        return resp.call(List.of(words));
    }

    /** What INFO says, field by field. */
    public Map<String, String> info() throws IOException {
        Reply reply = call("INFO");
        if (reply instanceof Reply.Failure failure) {
            throw new IOException(failure.text());
        }
        Map<String, String> fields = new HashMap<>();
        if (reply instanceof Reply.Bulk bulk) {
            for (String line : bulk.bytes().split("\r\n", -1)) {
                String[] sides = line.split(":", 2);
                if (sides.length == 2) {
                    fields.put(sides[0], sides[1]);
                }
            }
        }
        return fields;
    }

    @Override
    public void close() throws IOException {
        try {
            resp.close();
        } finally {
            forward.close();
        }
    }
}
