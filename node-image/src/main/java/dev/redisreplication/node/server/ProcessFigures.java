package dev.redisreplication.node.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells about this process in /proc; zeros elsewhere. */
final class ProcessFigures {
    private static final long PAGE = 4096;
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that we run on

    /** Seconds of a processor used. */
    record Cpu(double system, double user) {}

    private ProcessFigures() {}

    static long residentBytes() {
        String[] fields = read("/proc/self/statm").split(" ", -1);
        return fields.length < 2 ? 0 : Long.parseLong(fields[1]) * PAGE;
    }

    /** Of all threads together. */
    static Cpu cpu() {
        return cpuIn("/proc/self/stat");
    }

    /** Of the thread that asks: the event loop, which is to this server what the main thread is to Redis. */
    static Cpu cpuOfThisThread() {
        return cpuIn("/proc/thread-self/stat");
    }

    private static Cpu cpuIn(String file) {
        String stat = read(file);
        int behindName = stat.lastIndexOf(')') + 2; // the name may hold blanks
        if (behindName < 2) {
            return new Cpu(0, 0);
        }
        String[] fields = stat.substring(behindName).split(" ", -1); // from field 3, the state, on
        return new Cpu(Long.parseLong(fields[12]) / TICKS_PER_SECOND, Long.parseLong(fields[11]) / TICKS_PER_SECOND);
    }

    /** Bytes of memory that the machine has; more than a container may use. */
    static long systemMemory() {
        String[] words = read("/proc/meminfo").split("\\s+", 3); // MemTotal:  1234 kB ...
        return words.length < 3 ? 0 : Long.parseLong(words[1]) * 1024;
    }

    /** How many files and sockets this process may have open; Long.MAX_VALUE when there is no limit or nobody tells it. */
    static long mostDescriptors() {
        for (String line : read("/proc/self/limits").split("\n", -1)) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).trim().split("\\s+", -1)[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        return Long.MAX_VALUE;
    }

    /** How many it has open. */
    static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private static String read(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }
}
