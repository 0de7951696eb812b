package dev.redisreplication.sandbox.kubelet;

import dev.redisreplication.sandbox.api.Containers.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What processes and the machine take, from two looks a moment apart. Linux' own counters, in /proc. */
final class Usages {
    /** Between both looks. The kernel counts processor time in hundredths of a second. */
    static final Duration WINDOW = Duration.ofMillis(500);

    private static final Path PROC = Path.of("/proc");
    private static final long NANOS_PER_TICK = 10_000_000;

    private Usages() {}

    /** What each process takes, with all that it has started; those that have ended are left out. */
    static Map<Long, Usage> of(List<Long> pids) {
        Map<Long, Long> before = new HashMap<>();
        pids.forEach(pid -> before.put(pid, cpuNanos(pid)));
        long began = System.nanoTime();
        pause();
        long passed = System.nanoTime() - began;
        Map<Long, Usage> usages = new HashMap<>();
        for (long pid : pids) {
            long used = cpuNanos(pid) - before.get(pid);
            long memory = tree(pid).stream().mapToLong(Usages::residentBytes).sum();
            if (memory > 0) {
                usages.put(pid, new Usage(perSecond(used, passed), memory));
            }
        }
        return usages;
    }

    /** What the whole machine takes. */
    static Usage machine() {
        long before = busyNanos();
        long began = System.nanoTime();
        pause();
        long passed = System.nanoTime() - began;
        long memory = memory("MemTotal:") - memory("MemAvailable:");
        return new Usage(perSecond(busyNanos() - before, passed), memory);
    }

    /** Memory of the machine, in bytes. */
    static long memory(String field) {
        return kilobytes(PROC.resolve("meminfo"), field);
    }

    private static long perSecond(long nanos, long passed) {
        return Math.max(0, (long) (nanos * 1e9 / passed));
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(WINDOW.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Long> tree(long pid) {
        List<Long> all = new ArrayList<>();
        ProcessHandle.of(pid).ifPresent(process -> {
            all.add(pid);
            process.descendants().map(ProcessHandle::pid).forEach(all::add);
        });
        return all;
    }

    private static long cpuNanos(long pid) {
        return tree(pid).stream()
                .mapToLong(each -> ProcessHandle.of(each)
                        .flatMap(p -> p.info().totalCpuDuration())
                        .map(Duration::toNanos)
                        .orElse(0L))
                .sum();
    }

    private static long residentBytes(long pid) {
        return kilobytes(PROC.resolve(Long.toString(pid)).resolve("status"), "VmRSS:");
    }

    private static long kilobytes(Path file, String field) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException e) {
            // The process has ended.
        }
        return 0;
    }

    /** All but waiting, over all processors. */
    private static long busyNanos() {
        try {
            String[] fields =
                    Files.readAllLines(PROC.resolve("stat")).getFirst().split(" +", -1);
            long ticks = 0;
            for (int i = 1; i < Math.min(fields.length, 9); i++) {
                // The fourth and the fifth are idle and waiting for disks.
                ticks += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
            }
            return ticks * NANOS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }
}
