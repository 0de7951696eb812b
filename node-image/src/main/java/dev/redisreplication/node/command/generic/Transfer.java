package dev.redisreplication.node.command.generic;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends commands to another server and gathers its replies, which are a line each. Blocks whoever runs it, for the timeout at
 * each step at most.
 */
final class Transfer implements AutoCloseable {
    private static final int LONGEST_LINE = 1024;
    private static final String WRITING = "IOERR error or timeout writing to target instance";
    private static final String READING = "IOERR error or timeout reading to target instance";

    /** The commands, which {@link #run} sends. */
    final NativeBuffer commands = new NativeBuffer(4096);

    private final String host;
    private final int port;
    private final int timeoutMillis;
    private final List<String> replies = new ArrayList<>();
    private int expected;
    private int lead;
    private int leadBytes;
    private String failure;

    /** @param timeoutMillis for the connection, and for each time that nothing can be read or written */
    Transfer(String host, int port, int timeoutMillis) {
        this.host = host;
        this.port = port;
        this.timeoutMillis = timeoutMillis;
    }

    /** What was written so far has to succeed: the rest is sent only then. */
    void leadEnds() {
        lead = expected;
        leadBytes = commands.readable();
    }

    /** How many replies come before the rest. */
    int lead() {
        return lead;
    }

    /** A command was written to {@link #commands}: one more reply is waited for. */
    void expectReply() {
        expected++;
    }

    /** The replies that came, in the order of the commands; fewer than these if {@link #failure} is not null. */
    List<String> replies() {
        return replies;
    }

    /** Why not all replies came, as an error text, or null. */
    String failure() {
        return failure;
    }

    /** Sends and receives; any thread. */
    void run() {
        String step = "IOERR error or timeout connecting to the client";
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            InetSocketAddress target = new InetSocketAddress(host, port);
            if (target.isUnresolved()) {
                throw new IOException("unknown host");
            }
            if (!channel.connect(target)) {
                await(channel, selector, SelectionKey.OP_CONNECT);
                channel.finishConnect();
            }
            step = WRITING;
            write(channel, selector, 0, leadBytes);
            step = READING;
            read(channel, selector, lead);
            if (replies.stream().noneMatch(reply -> reply.startsWith("-"))) {
                step = WRITING;
                write(channel, selector, leadBytes, commands.readable());
                step = READING;
                read(channel, selector, expected);
            }
        } catch (IOException e) {
            failure = step;
        }
    }

    private void await(SocketChannel channel, Selector selector, int operation) throws IOException {
        channel.register(selector, operation);
        if (selector.select(timeoutMillis) == 0) {
            throw new IOException("timeout");
        }
        selector.selectedKeys().clear();
    }

    private void write(SocketChannel channel, Selector selector, int from, int to) throws IOException {
        ByteBuffer bytes = Memory.segment(commands.address() + from, to - from).asByteBuffer();
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(channel, selector, SelectionKey.OP_WRITE);
            }
        }
    }

    private void read(SocketChannel channel, Selector selector, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (replies.size() < count) {
            await(channel, selector, SelectionKey.OP_READ);
            if (channel.read(bytes) < 0) {
                throw new IOException("closed");
            }
            for (bytes.flip(); bytes.hasRemaining(); ) {
                byte b = bytes.get();
                if (b == '\n') {
                    replies.add(line.toString(StandardCharsets.ISO_8859_1).strip());
                    line.reset();
                } else if (line.size() < LONGEST_LINE) {
                    line.write(b);
                }
            }
            bytes.clear();
        }
    }

    @Override
    public void close() {
        commands.close();
    }
}
