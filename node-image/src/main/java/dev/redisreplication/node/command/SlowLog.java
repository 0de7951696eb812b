package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;

/** The commands that took longer than {@code slowlog-log-slower-than}, the newest first. On the event loop only. */
public final class SlowLog {
    /** In place of a secret. */
    static final String REDACTED = "(redacted)";

    private static final int MOST_ARGUMENTS = 32;
    private static final int MOST_BYTES = 128; // of one argument

    /**
     * One slow command.
     *
     * @param id counts all since the start
     * @param at Unix time in seconds
     * @param micros how long it took
     * @param arguments what was called, long ones and many of them cut
     * @param address the client's, {@code ip:port}
     * @param name the client's, or ""
     */
    public record Entry(long id, long at, long micros, List<byte[]> arguments, String address, String name) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long nextId;

    /**
     * Notes a command that has just been executed.
     *
     * @param redacted which of its arguments are secrets
     * @param at Unix time in seconds
     * @param most how many are kept
     */
    void add(Client client, Request request, IntPredicate redacted, long at, long micros, long most) {
        String address =
                client.connection() == null ? "?:0" : client.connection().remoteAddress();
        entries.addFirst(new Entry(nextId++, at, micros, arguments(request, redacted), address, client.name()));
        while (entries.size() > most) {
            entries.removeLast();
        }
    }

    private static List<byte[]> arguments(Request request, IntPredicate redacted) {
        int shown = Math.min(request.argc(), MOST_ARGUMENTS);
        List<byte[]> arguments = new ArrayList<>(shown);
        for (int i = 0; i < shown; i++) {
            if (request.argc() > shown && i == shown - 1) {
                arguments.add(text("... (" + (request.argc() - shown + 1) + " more arguments)"));
            } else {
                arguments.add(argument(request, redacted.test(i), i));
            }
        }
        return arguments;
    }

    private static byte[] argument(Request request, boolean redacted, int i) {
        if (redacted) {
            return text(REDACTED);
        }
        int length = request.length(i);
        if (length <= MOST_BYTES) {
            return Ascii.bytes(request.address(i), length);
        }
        String more = "... (" + (length - MOST_BYTES) + " more bytes)";
        byte[] cut = new byte[MOST_BYTES + more.length()];
        System.arraycopy(Ascii.bytes(request.address(i), MOST_BYTES), 0, cut, 0, MOST_BYTES);
        System.arraycopy(text(more), 0, cut, MOST_BYTES, more.length());
        return cut;
    }

    private static byte[] text(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    /** How many are kept. */
    public int size() {
        return entries.size();
    }

    /** Those that are kept, the newest first. */
    public Iterator<Entry> newestFirst() {
        return entries.iterator();
    }

    /** Forgets them; the ids go on. */
    public void reset() {
        entries.clear();
    }
}
