package dev.redisreplication.node.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Serves a few commands to itself and ends, so that the recording of the start-up cache sees the classes that a first
 * client needs. Not used otherwise.
 */
final class Rehearsal {
    private Rehearsal() {}

    static void run(Server server) {
        String requests = "PING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nINFO\r\n"
                + "NOSUCHCOMMAND\r\nCONFIG GET *\r\nCLIENT LIST\r\nMULTI\r\nSET k v\r\nEXEC\r\nHELLO 3\r\nROLE\r\nQUIT\r\n";
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()), 5000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] sink = new byte[4096];
            while (in.read(sink) >= 0) {
                // until QUIT has closed the connection
            }
        } catch (IOException e) {
            Log.warning("rehearsal: " + e.getMessage());
        }
        System.exit(0);
    }
}
