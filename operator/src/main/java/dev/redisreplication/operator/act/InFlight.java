package dev.redisreplication.operator.act;

/**
 * Whatever acts on Kubernetes or on nodes passes it, so that it can be told for certain when this process has stopped to act. Any
 * thread.
 */
public final class InFlight {

    private int inside;
    private boolean closed;

    /** Returns whether the caller may act; it has to {@link #leave} then. */
    public synchronized boolean enter() {
        if (closed) {
            return false;
        }
        inside++;
        return true;
    }

    /** The caller has stopped to act. */
    public synchronized void leave() {
        inside--;
        notifyAll();
    }

    /**
     * From now on nobody may enter.
     *
     * @param millis how long to wait for those inside
     * @return whether nobody is inside any more
     */
    public synchronized boolean close(long millis) {
        closed = true;
        long end = System.nanoTime() + millis * 1_000_000;
        try {
            for (long left = millis; inside > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return inside == 0;
    }
}
