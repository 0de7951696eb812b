package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slabs;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Requests that were put aside: those of blocking commands, and those that a pause holds back. Each ends in one of these
 * ways: it is executed again and answers ({@link #resume}), its time is over, it is answered by who had it wait, it goes
 * through all checks as if it had just come ({@link #release}), or its connection ends. On the event loop.
 */
public final class Suspensions {
    private static final int SCRATCH_KEPT = 64 << 10; // bytes
    private static final String UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";

    private final Loop loop;
    private final Clients clients;
    private final Slabs frames = new Slabs();
    private final RequestParser resumed = new RequestParser();
    private final RequestParser released = new RequestParser();
    private NativeBuffer scratch = new NativeBuffer(256);
    private int count;

    Suspensions(Loop loop, Clients clients) {
        this.loop = loop;
        this.clients = clients;
        resumed.maxBulk(Integer.MAX_VALUE);
        released.maxBulk(Integer.MAX_VALUE);
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /**
     * Puts a request of {@code client} aside. It is copied.
     *
     * @param row what it calls
     * @param fixed texts that are kept in the place of arguments; null for none
     * @param timeoutMillis when it is over; 0 for never
     */
    Suspension suspend(
            Client client,
            CommandRow row,
            Request request,
            Map<Integer, String> fixed,
            Awaited cause,
            long timeoutMillis) {
        Suspension s = fixed == null && request.canonical()
                ? keep(client, row, cause, request.frameAddress(), request.frameLength())
                : keepEncoded(client, row, cause, request, fixed == null ? Map.of() : fixed);
        client.suspension = s;
        count++;
        if (timeoutMillis > 0) {
            s.timer = loop.after(timeoutMillis, () -> end(s, Suspension.End.OVER, null));
        }
        return s;
    }

    private Suspension keepEncoded(
            Client client, CommandRow row, Awaited cause, Request request, Map<Integer, String> fixed) {
        scratch.clear();
        CommandEncoder.begin(scratch, request.argc());
        for (int i = 0; i < request.argc(); i++) {
            String text = fixed.get(i);
            if (text == null) {
                CommandEncoder.arg(scratch, request.address(i), request.length(i));
            } else {
                CommandEncoder.arg(scratch, text);
            }
        }
        Suspension s = keep(client, row, cause, scratch.address(), scratch.readable());
        if (scratch.capacity() > SCRATCH_KEPT) {
            scratch.close();
            scratch = new NativeBuffer(256);
        }
        return s;
    }

    private Suspension keep(Client client, CommandRow row, Awaited cause, long from, int length) {
        long frame = frames.allocate(length);
        Memory.copy(from, frame, length);
        return new Suspension(client, row, cause, frame, length);
    }

    /** What was put aside, to be looked at before anything else is. */
    Request kept(Suspension s) {
        return request(resumed, s);
    }

    /**
     * Executes it again, as what it waits for may be there: it answers, or waits on. It has to pass the checks once more, as
     * role, memory or permissions may have changed.
     */
    public void resume(Suspension s) {
        if (isOver(s)) {
            return;
        }
        Request request = request(resumed, s);
        s.stays = false;
        guarded(s, () -> s.client.session.resume(s.row, request));
        request.trim();
        if (!s.stays && !isOver(s)) {
            finish(s);
        }
    }

    /** Executes it for the last time, or writes an answer in its place. This is the one end of all that were not met. */
    private void end(Suspension s, Suspension.End how, Consumer<ReplyWriter> answer) {
        if (isOver(s)) {
            return;
        }
        s.end = how;
        s.answer = answer;
        Request request = request(resumed, s);
        guarded(s, () -> s.client.session.end(s.row, request));
        request.trim();
        if (!isOver(s)) {
            finish(s);
        }
    }

    /** A fault in it is not one of the client that woke it. */
    private void guarded(Suspension s, Runnable again) {
        try {
            again.run();
        } catch (RuntimeException | Error fault) {
            s.client.close("internal error");
            loop.execute(() -> {
                throw fault;
            });
        }
    }

    /** What it waits for is there: ends it by a reply that is not its command's to write. */
    public void answer(Suspension s, Consumer<ReplyWriter> reply) {
        end(s, Suspension.End.MET, reply);
    }

    /** What it waits for cannot come any more: ends it by an error. */
    public void fail(Suspension s, String error) {
        end(s, Suspension.End.OVER, reply -> reply.error(error));
    }

    /** CLIENT UNBLOCK: false when the client does not wait, or not for something that may be ended so. */
    public boolean unblock(Client client, boolean withError) {
        Suspension s = Suspension.of(client);
        if (s == null || !s.cause.mayBeUnblocked()) {
            return false;
        }
        end(s, Suspension.End.UNBLOCKED, withError ? reply -> reply.error(UNBLOCKED) : null);
        return true;
    }

    /** The node is not a master any more, or follows another one: who waits is told so, and its connection closed. */
    public void endWithRole() {
        for (Client client : new ArrayList<>(clients.all())) {
            Suspension s = Suspension.of(client);
            if (s != null && s.cause.endsWithRole()) {
                fail(s, "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)");
                client.connection().closeAfterFlush();
            }
        }
    }

    /** What held it back does so no longer: it is dispatched as if it had just come, and may be held back once more. */
    void release(Suspension s) {
        // Not here: who lets it go may be in the middle of a command of its own.
        loop.execute(() -> {
            if (!isOver(s)) {
                forget(s);
                try {
                    s.client.session.again(request(released, s));
                    released.request().trim();
                } finally {
                    frames.free(s.frame, s.frameLength);
                }
            }
        });
    }

    /** The connection is gone. */
    void cancel(Client client) {
        Suspension s = Suspension.of(client);
        if (s != null) {
            forget(s);
            frames.free(s.frame, s.frameLength);
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very one: the client may wait for something else by now
    private static boolean isOver(Suspension s) {
        return s.client.suspension != s;
    }

    private static Request request(RequestParser parser, Suspension s) {
        try {
            parser.parse(s.frame, s.frameLength);
            return parser.request();
        } catch (ProtocolException e) {
            throw new IllegalStateException("what was put aside is not what was taken", e);
        }
    }

    /** It has been answered: the client goes on with what it has sent meanwhile. */
    private void finish(Suspension s) {
        forget(s);
        frames.free(s.frame, s.frameLength);
        s.client.answered();
        s.client.session.goOn();
    }

    private void forget(Suspension s) {
        s.client.suspension = null;
        count--;
        if (s.timer != null) {
            s.timer.cancel();
            s.timer = null;
        }
        s.cause.ended(s.client);
    }
}
