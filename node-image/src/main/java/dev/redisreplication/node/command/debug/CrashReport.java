package dev.redisreplication.node.command.debug;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.ClientLine;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.log.Log;
import java.util.Set;

/**
 * What Redis writes into its log when it crashes, with its headings, as far as a program on a JVM has it: no registers, no
 * machine code, no test of the memory.
 */
final class CrashReport {
    private final StringBuilder text = new StringBuilder(1 << 14);

    private CrashReport() {}

    /**
     * Writes the report into the log, whatever its level.
     *
     * @param call what was executed when it happened
     * @param cause what happened, some lines of the log
     */
    static void write(Call call, String... cause) {
        Log.report("\n\n=== REDIS BUG REPORT START: Cut & paste starting from here ===");
        for (String line : cause) {
            Log.warning(line);
        }
        CrashReport report = new CrashReport();
        report.stacks();
        report.node(call.node());
        report.client(call);
        Log.report(report.text + "\n=== REDIS BUG REPORT END. Make sure to include from START to END. ===");
    }

    private void heading(String name) {
        text.append("\n------ ").append(name).append(" ------\n");
    }

    private void stacks() {
        heading("STACK TRACE");
        text.append("Backtrace:\n");
        frames(Thread.currentThread().getStackTrace());
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            if (thread != Thread.currentThread()) {
                text.append("\nThread ").append(thread.getName()).append(":\n");
                frames(frames);
            }
        });
    }

    private void frames(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            text.append(frame).append('\n');
        }
    }

    private void node(Node node) {
        heading("INFO OUTPUT");
        text.append(node.info().text(Set.of("everything")).replace("\r\n", "\n"));
        heading("CLIENT LIST OUTPUT");
        for (Client each : node.clients().all()) {
            text.append(ClientLine.of(node, each)).append('\n');
        }
    }

    private void client(Call call) {
        heading("CURRENT CLIENT INFO");
        text.append(ClientLine.of(call.node(), call.client())).append('\n');
        for (int i = 0; i < call.argc(); i++) {
            text.append("argv[")
                    .append(i)
                    .append("]: '\"")
                    .append(call.shown(i))
                    .append("\"'\n");
        }
    }
}
