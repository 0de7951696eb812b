package dev.redisreplication.kubectl;

import dev.redisreplication.kubectl.command.RrgCommand;

/** The process: {@code kubectl rrg ...}. */
public final class Main {
    private Main() {}

    /** Runs it and ends the process. */
    public static void main(String[] args) {
        System.exit(RrgCommand.execute(args));
    }
}
