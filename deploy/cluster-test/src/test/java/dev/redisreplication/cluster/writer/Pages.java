package dev.redisreplication.cluster.writer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** As much of HTTP as answers GET, one request a connection: the runtime of the image has no server of its own. */
final class Pages {
    private static final int PATIENCE_MILLIS = 10_000;

    private Pages() {}

    /** What answers a request; a failure is answered with status 503. */
    interface Page {
        /** @param query what follows the question mark, decoded; or null */
        String answer(String query) throws IOException, Connection.Refused;
    }

    /** Answers until the process ends. */
    static void serve(int port, Map<String, Page> pages) throws IOException {
        try (ServerSocket server = new ServerSocket(port)) {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.setSoTimeout(PATIENCE_MILLIS);
                    answer(socket, pages);
                } catch (IOException e) {
                    System.err.println("a request was not answered: " + e);
                }
            }
        }
    }

    private static void answer(Socket socket, Map<String, Page> pages) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String request = in.readLine();
        for (String header = request; header != null && !header.isEmpty(); ) {
            header = in.readLine();
        }
        if (request == null) {
            return;
        }
        URI uri = URI.create(request.split(" ", -1)[1]);
        Page page = pages.get(uri.getPath());
        if (page == null) {
            reply(socket, 404, "there is no " + uri.getPath());
            return;
        }
        try {
            reply(socket, 200, page.answer(uri.getQuery()));
        } catch (IOException | Connection.Refused e) {
            reply(socket, 503, e.toString());
        }
    }

    private static void reply(Socket socket, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " -\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
    }
}
