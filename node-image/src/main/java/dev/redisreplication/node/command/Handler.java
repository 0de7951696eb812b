package dev.redisreplication.node.command;

/** Executes one command. Runs on the event loop; must not block. */
@FunctionalInterface
public interface Handler {
    /** Reads the arguments of {@code call}, acts, writes exactly one reply; or throws {@link CommandError}. */
    void run(Call call);
}
