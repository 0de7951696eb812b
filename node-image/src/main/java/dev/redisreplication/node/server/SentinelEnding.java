package dev.redisreplication.node.server;

import dev.redisreplication.node.command.Awaited;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Shutdown;
import dev.redisreplication.node.command.Suspension;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Loop;

/** The end of a Sentinel: there is nothing to be made safe. On the event loop, except where a method says otherwise. */
final class SentinelEnding implements Shutdown, Awaited, Signalled {
    private final Loop loop;
    private final Runnable exit;
    private volatile boolean signalled;

    SentinelEnding(Loop loop, Runnable exit) {
        this.loop = loop;
        this.exit = exit;
    }

    @Override
    public void begin(Options options, Suspension by) {
        Log.warning("User requested shutdown...");
        exit.run();
    }

    @Override
    public boolean isSignalled() {
        return signalled;
    }

    @Override
    public void signal(String name) {
        signalled = true;
        Log.signal("Received " + name + " scheduling shutdown...");
        loop.execute(() -> begin(Options.NONE, null));
    }

    @Override
    public boolean abort() {
        return false;
    }

    @Override
    public Awaited waiting() {
        return this;
    }

    @Override
    public boolean mayBeUnblocked() {
        return false;
    }

    @Override
    public boolean endsWithRole() {
        return false;
    }

    @Override
    public void ended(Client client) {
        // The process ends with it.
    }
}
