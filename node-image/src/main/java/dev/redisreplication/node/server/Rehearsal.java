package dev.redisreplication.node.server;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Serves some commands to itself and ends, so that the recording of the start-up cache sees the classes that a first
 * client needs, and the profiles of what is called often: a node that starts from the cache compiles the hot path at once,
 * and does not first measure it anew. Not used otherwise.
 */
final class Rehearsal {
    private static final String ONCE = """
            PING
            SET k v
            GET k
            INFO
            NOSUCHCOMMAND
            CONFIG GET *
            CLIENT LIST
            MULTI
            SET k v
            EXEC
            EVAL "return {redis.call('set', 'k', 'v'), redis.pcall('nosuch')}" 1 k
            HELLO 3
            ROLE
            FLUSHALL
            QUIT
            """;

    // What redis-benchmark sends: the commands that most clients send most.
    private static final String[] OFTEN = {
        "PING",
        "SET key:# value:##########",
        "GET key:#",
        "INCR counter:#",
        "LPUSH list value:##########",
        "RPUSH list value:##########",
        "LPOP list",
        "RPOP list",
        "SADD set element:#",
        "SPOP set",
        "HSET hash element:# value:##########",
        "HGET hash element:#",
        "ZADD zset # element:#",
        "ZPOPMIN zset",
        "LRANGE list 0 20",
        "XADD stream * field value:#",
        "DEL key:#",
        "EXPIRE counter:# 100",
        "MSET key:# a other:# b",
    };
    private static final int BATCH = 32;
    private static final int BATCHES = 250;
    private static final int SYNC_BATCHES = 1500; // of keys in a full resync

    private final InputStream in;
    private final OutputStream out;
    private final byte[] sink = new byte[64 * 1024];

    private Rehearsal(Socket socket) throws IOException {
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Serves at length with {@code server}, a little with a second one on the other transport, and ends the process. */
    static void run(Server server) {
        // Which of them a node will use is known only where it starts.
        String other = server.loop().transportName().equals("io_uring") ? "epoll" : "io_uring";
        try {
            perform(server, OFTEN);
            try (Server second = Server.start("--port", "0", "--save", "", "--io-transport", other)) {
                perform(second, "PING");
                synchronize(server, second);
            }
        } catch (IOException | ConfigException e) {
            Log.warning("rehearsal: " + e.getMessage());
        }
        System.exit(0);
    }

    /** A full resync: dumps are written and loaded by what is as hot then as the commands are. */
    private static void synchronize(Server master, Server replica) throws IOException {
        try (Socket toMaster = connect(master);
                Socket toReplica = connect(replica)) {
            Rehearsal fills = new Rehearsal(toMaster);
            fills.batch("CONFIG SET repl-diskless-sync-delay 0", 0, 1);
            for (int i = 0; i < SYNC_BATCHES; i++) {
                fills.batch("SET batch:" + i + ":# value:##########", 0, BATCH);
            }
            Rehearsal follows = new Rehearsal(toReplica);
            follows.batch("CONFIG SET repl-diskless-load swapdb", 0, 1); // no file in whatever folder this is
            follows.batch("REPLICAOF 127.0.0.1 " + master.port(), 0, 1);
            fills.batch("SET last value", 0, 1);
            fills.batch("WAIT 1 4000", 0, 1); // the replica has everything
        }
    }

    private static Socket connect(Server server) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 5000);
        socket.setSoTimeout(5000);
        return socket;
    }

    private static void perform(Server server, String... often) throws IOException {
        try (Socket socket = connect(server)) {
            Rehearsal rehearsal = new Rehearsal(socket);
            for (String command : often) {
                rehearsal.often(command);
            }
            rehearsal.once();
        }
    }

    private void often(String command) throws IOException {
        for (int batch = 0; batch < BATCHES; batch++) {
            batch(command, batch * BATCH, BATCH);
        }
    }

    // The end of a batch is known by the reply to an ECHO behind it.
    private void batch(String command, int first, int count) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = first; i < first + count; i++) {
            int number = i * 7919 % 1000;
            request(text, command.replace("#", Integer.toString(number)).split(" ", -1));
        }
        String mark = "end of batch " + first;
        request(text, "ECHO", mark);
        out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
        String end = mark + "\r\n";
        StringBuilder tail = new StringBuilder();
        while (tail.length() < end.length()
                || !tail.substring(tail.length() - end.length()).equals(end)) {
            int n = in.read(sink);
            if (n < 0) {
                throw new IOException("connection closed");
            }
            tail.append(new String(sink, 0, n, StandardCharsets.ISO_8859_1));
        }
    }

    private static void request(StringBuilder text, String... words) {
        text.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    private void once() throws IOException {
        out.write(ONCE.getBytes(StandardCharsets.US_ASCII));
        while (in.read(sink) >= 0) {
            // until QUIT has closed the connection
        }
    }
}
