package dev.redisreplication.node.replication.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a test says to a replica in the place of its master, on a connection that it has accepted. */
final class MasterByHand {

    private MasterByHand() {}

    /** Answers the handshake up to PSYNC, which it returns. */
    static String psync(Socket link) throws IOException {
        link.setSoTimeout(60_000);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(link.getInputStream(), StandardCharsets.ISO_8859_1));
        while (true) {
            int words = Integer.parseInt(in.readLine().substring(1));
            StringBuilder command = new StringBuilder();
            for (int i = 0; i < words; i++) {
                in.readLine();
                command.append(i == 0 ? "" : " ").append(in.readLine());
            }
            if (command.toString().startsWith("PSYNC")) {
                return command.toString();
            }
            send(link, command.toString().equals("PING") ? "+PONG\r\n" : "+OK\r\n");
        }
    }

    static void send(Socket link, String bytes) throws IOException {
        OutputStream out = link.getOutputStream();
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
