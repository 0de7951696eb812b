package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.resp.NativeBuffer;

/** A connection whose input a test fills, and whose output nobody reads. */
final class ByHand extends Connection {
    private final NativeBuffer in;
    private final NativeBuffer out;
    private boolean open = true;

    ByHand(NativeBuffer in, NativeBuffer out) {
        super(new ConnectionHandler() {
            @Override
            public void input(Connection connection) {
                // The test hands it over itself.
            }

            @Override
            public void closed(Connection connection, String reason) {
                // The test sees it.
            }
        });
        this.in = in;
        this.out = out;
    }

    @Override
    public NativeBuffer input() {
        return in;
    }

    @Override
    public NativeBuffer output() {
        out.clear();
        return out;
    }

    @Override
    public void flushLater() {}

    @Override
    public void flushNow() {}

    @Override
    public long pendingOutput() {
        return 0;
    }

    @Override
    public long written() {
        return 0;
    }

    @Override
    public void sendUpTo(long position) {}

    @Override
    public void notifyDrained() {}

    @Override
    public void processInput() {}

    @Override
    public void processInputNow() {}

    @Override
    public void yieldTurn() {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void closeAfterFlush() {
        open = false;
    }

    @Override
    public void close(String reason) {
        open = false;
    }

    @Override
    public boolean isAgreed() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1:1";
    }

    @Override
    public String localAddress() {
        return "127.0.0.1:2";
    }

    @Override
    public boolean isUnix() {
        return false;
    }

    @Override
    public boolean isLoopback() {
        return true;
    }

    @Override
    public int fileDescriptor() {
        return -1;
    }

    @Override
    public long bufferBytes() {
        return 0;
    }

    @Override
    public long inputBytes() {
        return 0;
    }

    @Override
    public int largeOutputs() {
        return 0;
    }

    @Override
    public int unreadInput() {
        return in.readable();
    }

    @Override
    public long lastInput() {
        return 0;
    }
}
