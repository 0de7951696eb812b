package dev.redisreplication.cluster.writer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries to write at one member directly, past the Service, and notes the runs of accepted writes: two members whose
 * runs interleave are two masters. A reply may take long, so that a member that was paused in the middle of a request
 * is still listened to when it goes on.
 */
final class Witness implements Runnable {

    private static final int REPLY_MILLIS = 60_000;
    private static final int PAUSE_MILLIS = 40;

    private final String host;
    private final int port;
    private final String password;
    private final String key;
    private final List<Run> runs = new ArrayList<>();

    /** Accepted writes without a refusal between them; times of sending and of the reply, in epoch milliseconds. */
    record Run(long firstSent, long firstReply, long lastSent, long lastReply, int writes) {

        Run with(long sent, long reply) {
            return new Run(firstSent, firstReply, sent, reply, writes + 1);
        }

        String json() {
            return "{\"firstSent\":%d,\"firstReply\":%d,\"lastSent\":%d,\"lastReply\":%d,\"writes\":%d}"
                    .formatted(firstSent, firstReply, lastSent, lastReply, writes);
        }
    }

    Witness(String host, int port, String password, String key) {
        this.host = host;
        this.port = port;
        this.password = password;
        this.key = key;
    }

    @Override
    public void run() {
        boolean open = false;
        while (!Thread.currentThread().isInterrupted()) {
            try (Connection connection = new Connection(host, port, password, REPLY_MILLIS)) {
                while (!Thread.currentThread().isInterrupted()) {
                    long sent = System.currentTimeMillis();
                    try {
                        connection.send("SET", key, Long.toString(sent));
                        connection.receive();
                        note(open, sent, System.currentTimeMillis());
                        open = true;
                    } catch (Connection.Refused e) {
                        open = false;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (IOException | Connection.Refused e) {
                open = false;
            } catch (InterruptedException e) {
                return;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    synchronized String json() {
        return runs.stream().map(Run::json).toList().toString();
    }

    private synchronized void note(boolean open, long sent, long reply) {
        if (open) {
            runs.add(runs.removeLast().with(sent, reply));
        } else {
            runs.add(new Run(sent, reply, sent, reply, 1));
        }
    }
}
