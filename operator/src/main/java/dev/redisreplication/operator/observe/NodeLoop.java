package dev.redisreplication.operator.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;

/**
 * The one thread on which all groups live, and which talks to their nodes: it waits for whatever comes first, an answer, a message or a
 * moment. What it runs must not block. A thread for each group or connection costs a multiple of the time at rest, as each answer then
 * wakes two of them.
 */
public final class NodeLoop implements Mailbox, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(NodeLoop.class);
    /** It turns this often at least, so that whoever watches over it can tell that it lives. */
    private static final long IDLE_MS = 2000;

    private final Clock clock;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Guarded by itself. */
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(alarm -> alarm.at));

    private volatile long turnedAt;
    private volatile boolean closed;

    /** Something to be run on the loop's thread once its moment has come. */
    public final class Alarm implements Mailbox.Alarm {
        private final Runnable action;
        /** {@link Long#MAX_VALUE} while it is not among the alarms. */
        private long at = Long.MAX_VALUE;

        private Alarm(Runnable action) {
            this.action = action;
        }

        /** Lets it run at that moment, in the clock's milliseconds, unless it runs earlier anyway. From any thread. */
        @Override
        public void by(long millis) {
            synchronized (alarms) {
                if (at <= millis) {
                    return;
                }
                alarms.remove(this);
                at = millis;
                alarms.add(this);
                if (alarms.peek() != this) {
                    return;
                }
            }
            wake();
        }

        @Override
        public void cancel() {
            synchronized (alarms) {
                alarms.remove(this);
                at = Long.MAX_VALUE;
            }
        }
    }

    public NodeLoop(Clock clock) {
        this.clock = clock;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.turnedAt = clock.millis();
        this.thread = Thread.ofPlatform().name("nodes").daemon().start(this::run);
    }

    /** An alarm that is not set yet. */
    @Override
    public Alarm alarm(Runnable action) {
        return new Alarm(action);
    }

    /** Runs it on the loop's thread, soon. */
    @Override
    public void post(Runnable task) {
        tasks.add(task);
        wake();
    }

    /** Calls back on the loop's thread whenever the channel is ready for one of the operations. */
    SelectionKey register(SelectableChannel channel, int operations, Runnable ready) throws IOException {
        SelectionKey key = channel.register(selector, operations, ready);
        wake();
        return key;
    }

    void wake() {
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** When the loop last turned, in the clock's milliseconds; it does so every two seconds at least. */
    public long turnedAt() {
        return turnedAt;
    }

    private void run() {
        try {
            while (!closed) {
                long left = Math.min(IDLE_MS, nextAlarm() - clock.millis());
                // Answers first: after a pause of this process they are there, and no alarm may find them late.
                if (left > 0 && tasks.isEmpty()) {
                    selector.select(this::ready, left);
                } else {
                    selector.selectNow(this::ready);
                }
                turnedAt = clock.millis();
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    guarded(task);
                }
                takeDue().forEach(alarm -> guarded(alarm.action));
            }
        } catch (IOException e) {
            LOG.fatal("the connections to the nodes cannot be watched any more", e);
        } finally {
            closeAll();
        }
    }

    private void ready(SelectionKey key) {
        guarded((Runnable) key.attachment());
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("the watch over nodes goes on after", e);
        }
    }

    private long nextAlarm() {
        synchronized (alarms) {
            Alarm first = alarms.peek();
            return first == null ? Long.MAX_VALUE : first.at;
        }
    }

    private List<Alarm> takeDue() {
        List<Alarm> due = new ArrayList<>();
        synchronized (alarms) {
            long now = clock.millis();
            while (!alarms.isEmpty() && alarms.peek().at <= now) {
                Alarm alarm = alarms.poll();
                alarm.at = Long.MAX_VALUE;
                due.add(alarm);
            }
        }
        return due;
    }

    private void closeAll() {
        for (SelectionKey key : selector.keys()) {
            try {
                key.channel().close();
            } catch (IOException ignored) {
                // It is gone either way.
            }
        }
        try {
            selector.close();
        } catch (IOException ignored) {
            // Nothing is left to be done.
        }
    }

    /** Ends the thread and all connections, soon. */
    @Override
    public void close() {
        closed = true;
        wake();
    }

    /**
     * Ends the thread and all connections. Not to be called from the loop's thread.
     *
     * @return whether they have ended within the time: then nothing is sent any more, by any thread
     */
    public boolean end(long millis) {
        close();
        try {
            return thread.join(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
