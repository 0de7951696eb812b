package dev.redisreplication.sandbox.controller;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs a task on a thread of its own whenever it is asked to; requests that come while it runs make one more run. */
public final class Loop implements AutoCloseable {
    private final Semaphore wanted = new Semaphore(1);
    private final Runnable task;
    private final Thread thread;
    private volatile boolean closed;

    public Loop(String name, Runnable task) {
        this.task = task;
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** Asks for a run; never waits. */
    public void wake() {
        wanted.release();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        while (!closed) {
            try {
                wanted.acquire();
                wanted.drainPermits();
                task.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    System.getLogger(Loop.class.getName())
                            .log(
                                    System.Logger.Level.WARNING,
                                    Thread.currentThread().getName() + " tries again",
                                    e);
                    retryLater();
                }
            }
        }
    }

    private void retryLater() {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
            wake();
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
