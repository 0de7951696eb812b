package dev.redisreplication.node.sentinel.io;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Loop;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Runs the scripts that masters have: some at a time, none for ever, again when one ends with status 1 or by a signal. On the
 * event loop.
 */
public final class Scripts {
    private static final int MOST_WAITING = 256;
    private static final int MOST_RUNNING = 16;
    private static final int MOST_TRIES = 10;
    private static final int SIGNALLED = 128; // and the number of the signal is the status of a process that it ended

    /** One that waits or runs. */
    public static final class Job {
        private final List<String> command;
        private Process process;
        private long began;
        private long notBefore;
        private int tries;

        private Job(List<String> command) {
            this.command = command;
        }

        /** The script and its arguments. */
        public List<String> command() {
            return command;
        }

        /** Whether it runs. */
        public boolean isRunning() {
            return process != null;
        }

        /** Its process, or 0. */
        public long pid() {
            return process == null ? 0 : process.pid();
        }

        /** How often it has failed and is to be run again, with the run under way. */
        public int tries() {
            return tries;
        }
    }

    private final Loop loop;
    private final Path folder;
    private final LongSupplier maxRuntime;
    private final LongSupplier retryDelay;
    private final BiConsumer<String, String> events;
    private final List<Job> jobs = new ArrayList<>();

    /**
     * @param folder that they run in, and that their paths begin at
     * @param maxRuntime milliseconds that a script may take
     * @param retryDelay milliseconds before the first repetition; each further one waits twice as long
     * @param events is told what goes wrong: a type and a text
     */
    Scripts(
            Loop loop,
            Path folder,
            LongSupplier maxRuntime,
            LongSupplier retryDelay,
            BiConsumer<String, String> events) {
        this.loop = loop;
        this.folder = folder;
        this.maxRuntime = maxRuntime;
        this.retryDelay = retryDelay;
        this.events = events;
    }

    /** Whether there is a file that can be run. */
    public boolean isExecutable(String script) {
        Path path = folder.resolve(script);
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    /** All that wait or run. */
    public List<Job> jobs() {
        return List.copyOf(jobs);
    }

    /** How many run. */
    public int running() {
        return (int) jobs.stream().filter(Job::isRunning).count();
    }

    /** Milliseconds for which one runs, or until it may. */
    public long time(Job job) {
        return job.isRunning() ? loop.now() - job.began : Math.max(0, job.notBefore - loop.now());
    }

    void add(List<String> command) {
        jobs.add(new Job(command));
        if (jobs.size() > MOST_WAITING) {
            jobs.stream().filter(job -> !job.isRunning()).findFirst().ifPresent(jobs::remove);
        }
    }

    /** Begins those whose time has come, ends those whose time is over. */
    void tick() {
        long now = loop.now();
        int running = running();
        for (Job job : List.copyOf(jobs)) {
            if (job.isRunning()) {
                stopIfLate(job, now);
            } else if (running < MOST_RUNNING && job.notBefore <= now) {
                begin(job, now);
                running++;
            }
        }
    }

    private void stopIfLate(Job job, long now) {
        if (now - job.began > maxRuntime.getAsLong()) {
            events.accept("-script-timeout", job.command.getFirst() + " " + job.pid());
            job.process.destroyForcibly();
        }
    }

    private void begin(Job job, long now) {
        job.began = now;
        job.tries++;
        try {
            List<String> command = new ArrayList<>(job.command);
            command.set(
                    0,
                    folder.resolve(command.getFirst()).toString()); // without a slash it would be looked for elsewhere
            job.process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            Log.warning("cannot run " + job.command.getFirst() + ": " + e.getMessage());
            ended(job, 2);
            return;
        }
        Log.debug("+script-child " + job.pid());
        var _ = job.process.onExit().thenAccept(p -> loop.execute(() -> ended(job, p.exitValue())));
    }

    private void ended(Job job, int status) {
        Log.debug("-script-child " + job.pid() + " " + status);
        boolean signalled = status > SIGNALLED;
        job.process = null;
        if ((signalled || status == 1) && job.tries < MOST_TRIES) {
            job.notBefore = loop.now() + (retryDelay.getAsLong() << (job.tries - 1));
            return;
        }
        jobs.remove(job);
        if (status != 0) {
            String text = signalled ? " " + (status - SIGNALLED) + " 0" : " 0 " + status;
            events.accept("-script-error", job.command.getFirst() + text);
        }
    }
}
