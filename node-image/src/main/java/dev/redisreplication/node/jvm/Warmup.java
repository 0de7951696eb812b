package dev.redisreplication.node.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the optimizing compiler go first, for a job on a thread of its own that does the same thing a million times.
 *
 * <p>{@link CompilerThreads} gives C2 what other threads leave. Such a job leaves nothing: where it has the only core, it would
 * run to its end in code that takes ten times as long. Instead it pauses while C2 is at work, in its first seconds and for
 * a second and a half in all. The event loop, which does not pause, is not held up by it. One thread.
 */
public final class Warmup {
    private static final long LONGEST_NANOS = 1_500_000_000L; // of all pauses
    private static final long OVER_NANOS = 5_000_000_000L; // after the beginning
    private static final long BETWEEN_NANOS = 3_000_000L;
    private static final long PAUSE_NANOS = 1_000_000L;

    private final Path[] compilers = CompilerThreads.optimizing();
    private final long began = System.nanoTime();
    private long looked = began;
    private long paused;
    private boolean over = compilers.length == 0;

    /** To be called now and then: waits while C2 compiles, if the job is young. */
    public void pause() {
        if (over) {
            return;
        }
        long now = System.nanoTime();
        if (now - looked < BETWEEN_NANOS) {
            return;
        }
        while (paused < LONGEST_NANOS && isCompiling()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long after = System.nanoTime();
            paused += after - now;
            now = after;
        }
        looked = now;
        over = paused >= LONGEST_NANOS || now - began >= OVER_NANOS;
    }

    private boolean isCompiling() {
        for (Path compiler : compilers) {
            try {
                String line = Files.readString(compiler.resolve("stat"), StandardCharsets.ISO_8859_1);
                if (line.startsWith(") R", line.lastIndexOf(')'))) {
                    return true;
                }
            } catch (IOException e) {
                // It has ended: the JVM keeps as many as it needs.
            }
        }
        return false;
    }
}
