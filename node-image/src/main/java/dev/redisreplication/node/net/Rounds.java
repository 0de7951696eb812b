package dev.redisreplication.node.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The loop's thread, and its rounds: what was read in one turn is executed, then the hooks run, then what was written leaves.
 * Connections know this; {@link NettyLoop} makes it, and is what others know. On the loop, except where a method says otherwise.
 */
final class Rounds {
    /** Scripts run on this thread, whose interpreter nests native calls deeply. Reserved, not used. */
    private static final long STACK = 16L << 20;

    /** What writes in a round, and sends at its end. */
    interface Member {
        /** The end of a round in which it asked for that. */
        void roundEnd();

        /** Nothing of what it has written may leave. */
        void close(String reason);
    }

    private final Transport transport;
    private final Events events;
    private final Consumer<Throwable> faults;
    private final Slot.Pool slots = new Slot.Pool();
    private final List<List<Runnable>> hooks = new ArrayList<>();
    private final Runnable endOfRound = this::endRound;
    private List<Member> written = new ArrayList<>();
    private List<Member> spare = new ArrayList<>();
    private boolean inTask;
    private Object held; // gets nothing at the end of this round
    private boolean roundWanted;
    private long roundBegan;
    private long round;
    private long bytesSent;
    private long reads;
    private long writes;

    /** @param io makes what looks at the sockets, and is told where to read when the round began */
    Rounds(Transport transport, Function<Rounds, IoHandlerFactory> io, Consumer<Throwable> faults) {
        this.transport = transport;
        this.faults = faults;
        for (int i = 0; i < Loop.Phase.values().length; i++) {
            hooks.add(new ArrayList<>());
        }
        this.events = new Events(io.apply(this));
    }

    /** Netty's loop, which can be asked to look at the sockets within a task. */
    private static final class Events extends SingleThreadIoEventLoop {
        private boolean looking;

        Events(IoHandlerFactory io) {
            super(null, (ThreadFactory) task -> new Thread(null, task, "node", STACK), io);
        }

        void look() {
            looking = true;
            try {
                runIo();
            } finally {
                looking = false;
            }
        }

        /** While it is to look at the sockets only, it must not wait for them. */
        @Override
        protected boolean hasTasks() {
            return looking || super.hasTasks();
        }
    }

    Transport transport() {
        return transport;
    }

    /** Netty's view of the thread. */
    EventLoopGroup group() {
        return events;
    }

    /** Buffers that connections share. */
    Slot.Pool slots() {
        return slots;
    }

    /** Tells of an exception that nobody expected. */
    void fault(Throwable cause) {
        faults.accept(cause);
    }

    // ---- figures

    void sent(int bytes) {
        bytesSent += bytes;
        writes++;
    }

    void received() {
        reads++;
    }

    long reads() {
        return reads;
    }

    long writes() {
        return writes;
    }

    long bytesSent() {
        return bytesSent;
    }

    // ---- tasks

    /** See {@link Loop#execute}. */
    void execute(Runnable task) {
        events.execute(guarded(task));
    }

    /** Runs a task after the sockets that are ready were read once more: what {@link #execute} is given runs before. */
    void nextTurn(Runnable task) {
        var _ = events.schedule(guarded(task), 0, TimeUnit.NANOSECONDS);
    }

    Timer after(long millis, Runnable task) {
        return timer(events.schedule(guarded(task), millis, TimeUnit.MILLISECONDS));
    }

    Timer every(long millis, Runnable task) {
        return timer(events.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS));
    }

    private static Timer timer(ScheduledFuture<?> future) {
        return () -> future.cancel(false);
    }

    /** A task that throws must be heard of, and must not end a repetition. */
    private Runnable guarded(Runnable task) {
        return () -> {
            inTask = true;
            try {
                task.run();
            } catch (RuntimeException | Error fault) {
                faults.accept(fault);
            } finally {
                inTask = false;
            }
        };
    }

    boolean inTask() {
        return inTask;
    }

    boolean inLoop() {
        return events.inEventLoop();
    }

    // ---- rounds

    void beforeFlush(Loop.Phase phase, Runnable hook) {
        hooks.get(phase.ordinal()).add(hook);
    }

    /** See {@link Loop#wantRound}. */
    void wantRound() {
        if (!roundWanted) {
            roundWanted = true;
            roundBegan = System.nanoTime();
            events.execute(endOfRound); // tasks run after all sockets that were ready in this turn
        }
    }

    void flushAtEnd(Member member) {
        written.add(member);
        wantRound();
    }

    /** See {@link Loop#serve}. */
    void serve(Connection except, boolean whole) {
        List<Member> before = written;
        if (!whole) {
            written = new ArrayList<>();
        }
        inTask = false;
        try {
            events.look();
        } finally {
            inTask = true;
        }
        held = except;
        try {
            if (whole) {
                endRound();
            } else {
                flush(written);
            }
        } finally {
            held = null;
            if (!whole) {
                before.addAll(written);
                written = before;
            }
        }
    }

    private void endRound() {
        roundWanted = false;
        round++;
        try {
            for (List<Runnable> phase : hooks) {
                for (int i = 0; i < phase.size(); i++) {
                    phase.get(i).run();
                }
            }
        } catch (RuntimeException | Error fault) {
            // A reply must not leave when its effects did not reach the log: drop these connections instead.
            faults.accept(fault);
            for (Member member : written) {
                member.close("internal error");
            }
        }
        flush(written);
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private void flush(List<Member> now) {
        written = spare;
        spare = now;
        for (int i = 0; i < now.size(); i++) {
            Member member = now.get(i);
            if (member == held) {
                written.add(member);
            } else {
                member.roundEnd();
            }
        }
        now.clear();
    }

    /** When the current round began, in nanoseconds of {@link System#nanoTime}. */
    long began() {
        return roundBegan;
    }

    /** Monotonic milliseconds. */
    long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** The clock as the current round saw it first. */
    long roundNow() {
        return roundWanted ? roundBegan / 1_000_000 : now();
    }

    /** Number of the current round. */
    long round() {
        return round;
    }

    // ---- the end

    /** Waits for the end that {@link #stop} began; from another thread. */
    void awaitEnd() {
        events.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    /** Ends the thread after what it is doing. From any thread. */
    void stop() {
        // Under io_uring a socket is closed in a turn of its own: without a quiet moment it would find the loop gone.
        var _ = events.shutdownGracefully(transport == Transport.IO_URING ? 1 : 0, 2_000, TimeUnit.MILLISECONDS);
    }
}
