import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How long it takes after the reply to a write until a replica has it. A subscriber of the replica hears of each write, since a
 * PUBLISH goes the way of the writes: the times of its reply and of the message are compared, on one clock.
 *
 * <p>Arguments: port of the master, port of the replica, number of writes. Prints p50, p99 and p99.9 in microseconds.
 */
final class Lag {
    private Lag() {}

    public static void main(String[] args) throws IOException {
        int writes = Integer.parseInt(args[2]);
        try (Socket master = connect(args[0]);
                Socket replica = connect(args[1])) {
            OutputStream out = master.getOutputStream();
            InputStream replies = master.getInputStream();
            InputStream messages = replica.getInputStream();
            replica.getOutputStream().write("SUBSCRIBE lag\r\n".getBytes(StandardCharsets.US_ASCII));
            read(messages, 6);
            byte[] publish = "PUBLISH lag x\r\n".getBytes(StandardCharsets.US_ASCII);
            double[] micros = new double[writes];
            for (int i = -writes / 10; i < writes; i++) {
                out.write(publish);
                read(replies, 1);
                long acknowledged = System.nanoTime();
                read(messages, 7);
                if (i >= 0) {
                    micros[i] = (System.nanoTime() - acknowledged) / 1000.0;
                }
            }
            Arrays.sort(micros);
            for (double part : new double[] {50, 99, 99.9}) {
                String name = "p" + (part == Math.rint(part) ? String.valueOf((int) part) : String.valueOf(part));
                System.out.printf("%s %.1f%n", name, micros[(int) (writes * part / 100)]);
            }
        }
    }

    private static Socket connect(String port) throws IOException {
        Socket socket = new Socket("127.0.0.1", Integer.parseInt(port));
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void read(InputStream in, int lines) throws IOException {
        for (int left = lines; left > 0; ) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the server closed the connection");
            }
            left -= b == '\n' ? 1 : 0;
        }
    }
}
