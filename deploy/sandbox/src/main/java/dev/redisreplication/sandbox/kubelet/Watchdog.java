package dev.redisreplication.sandbox.kubelet;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A tiny shell process that outlives this one by a moment: when its standard input ends, for whatever reason (this
 * process was killed by SIGKILL, too), it kills the processes it was told of and removes the state directory. A process
 * is only killed when its environment still carries the sandbox's mark, so a reused process id harms nobody.
 */
final class Watchdog implements AutoCloseable {
    /** The variable that marks every process of a sandbox. */
    static final String MARK = "REDIS_SANDBOX_ID";

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            pids=
            while read -r pid; do pids="$pids $pid"; done
            for pid in $pids; do
              if tr '\\0' '\\n' < "/proc/$pid/environ" 2>/dev/null | grep -qx "$1"; then kill -9 "$pid" 2>/dev/null; fi
            done
            rm -rf "$2"
            """;

    private final OutputStream in;
    private final Process process;

    Watchdog(String id, Path state) throws IOException {
        process = new ProcessBuilder("sh", "-c", SCRIPT, "sandbox-watchdog", MARK + "=" + id, state.toString())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        in = process.getOutputStream();
    }

    /** Kills the process, should this one end without having done it. */
    synchronized void watch(long pid) {
        try {
            in.write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
        } catch (IOException e) {
            System.getLogger(Watchdog.class.getName()).log(System.Logger.Level.WARNING, "the watchdog has gone", e);
        }
    }

    /** Lets it do its work now, and waits for it. */
    @Override
    public void close() throws IOException {
        in.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
