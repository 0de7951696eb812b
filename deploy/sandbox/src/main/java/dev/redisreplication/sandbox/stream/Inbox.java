package dev.redisreplication.sandbox.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has come on a stream and was not read yet. Who puts more into it than it holds waits for the reader. Thread-safe. */
final class Inbox extends InputStream {
    private static final int CAPACITY = 1 << 20;

    private final Deque<byte[]> parts = new ArrayDeque<>();
    private int offset; // into the first part
    private int held;
    private boolean finished;
    private boolean abandoned;

    /** Takes over the bytes, or drops them when nobody will read them. */
    synchronized void put(byte[] bytes) throws IOException {
        try {
            while (held >= CAPACITY && !abandoned && !finished) {
                wait();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (bytes.length > 0 && !abandoned && !finished) {
            parts.add(bytes);
            held += bytes.length;
            notifyAll();
        }
    }

    /** There is no more to come. */
    synchronized void finish() {
        finished = true;
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (parts.isEmpty() && !finished && !abandoned) {
                wait();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        byte[] first = parts.peek();
        if (first == null) {
            return -1;
        }
        int n = Math.min(length, first.length - offset);
        System.arraycopy(first, offset, into, from, n);
        offset += n;
        held -= n;
        if (offset == first.length) {
            parts.remove();
            offset = 0;
        }
        notifyAll();
        return n;
    }

    /** Nobody reads any more. */
    @Override
    public synchronized void close() {
        abandoned = true;
        parts.clear();
        offset = 0;
        held = 0;
        notifyAll();
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException e = new InterruptedIOException("interrupted");
        e.initCause(cause);
        return e;
    }
}
