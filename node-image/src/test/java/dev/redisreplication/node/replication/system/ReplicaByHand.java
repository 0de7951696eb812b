package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.awaitility.Awaitility;

/** What a test says to a master in the place of a replica. */
final class ReplicaByHand implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** Connects, and introduces itself. */
    ReplicaByHand(ServerProcess master, String introduction) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), master.port());
        socket.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
        assertThat(ask("REPLCONF " + introduction)).isEqualTo("+OK");
    }

    static ReplicaByHand at(ServerProcess master, int port) throws IOException {
        return new ReplicaByHand(master, "listening-port " + port + " capa eof capa psync2");
    }

    /** Sends a line; the line that it is answered. */
    String ask(String line) throws IOException {
        send(line + "\r\n");
        return line();
    }

    /** As {@link #ask}, but for empty lines that come before the answer. */
    String sent(String line) throws IOException {
        send(line + "\r\n");
        return afterSignsOfLife();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    void acknowledge(long offset) throws IOException {
        String number = Long.toString(offset);
        send("*3\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$" + number.length() + "\r\n" + number + "\r\n");
    }

    /** As {@link #sync}, and the stream follows: the port 7999 is what it said in its introduction. */
    long join(ServerProcess master) throws IOException {
        long offset = sync();
        Awaitility.await("it is online")
                .atMost(ServerProcess.PATIENCE)
                .until(() -> ((String) master.call("INFO", "replication")).contains("port=7999,state=online"));
        acknowledge(offset); // what is acknowledged earlier, Redis does not count
        return offset;
    }

    /** Asks for everything and takes the dump; the offset behind it. */
    long sync() throws IOException {
        return dump(sent("PSYNC ? -1"));
    }

    /** The next line that is not empty. */
    private String afterSignsOfLife() throws IOException {
        String line = line();
        while (line.isEmpty()) {
            line = line();
        }
        return line;
    }

    /** Takes the dump that is announced by these words; the offset behind it. */
    long dump(String fullResync) throws IOException {
        assertThat(fullResync).startsWith("+FULLRESYNC ");
        String announced = afterSignsOfLife();
        if (announced.startsWith("$EOF:")) {
            skipPast(announced.substring("$EOF:".length()));
        } else {
            in.skipNBytes(Long.parseLong(announced.substring(1)));
        }
        return Long.parseLong(fullResync.substring(fullResync.lastIndexOf(' ') + 1));
    }

    /** Reads until this has come, in whatever case. */
    void skipPast(String what) throws IOException {
        String mark = what.toLowerCase(Locale.ROOT);
        StringBuilder last = new StringBuilder();
        while (!last.toString().endsWith(mark)) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no " + mark);
            }
            last.append(Character.toLowerCase((char) next));
            if (last.length() > 4096) {
                last.delete(0, last.length() - mark.length());
            }
        }
    }

    /** The next line, without its end; that of an empty line may lack its first half. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the link was closed after '" + line + "'");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Whether the master has closed the link; reads what comes until then. */
    boolean isClosedByMaster() throws IOException {
        while (in.available() > 0) {
            in.read();
        }
        socket.setSoTimeout(1);
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
