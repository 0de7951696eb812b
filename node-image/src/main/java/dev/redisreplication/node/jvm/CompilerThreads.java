package dev.redisreplication.node.jvm;

import dev.redisreplication.node.log.Log;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The compilers of the JVM beside the event loop, where both share a core.
 *
 * <p>C1 makes quick code in a sixth of a second in all; the loop needs it at once. C2 makes the best code and takes a
 * second for it, most of which a client would have to wait for. With few requests at a time that code gains nothing,
 * since the kernel has most of the time, so C2 gets what the loop leaves.
 */
public final class CompilerThreads {
    private static final int PRIO_PROCESS = 0;
    /** Linux' scheduler gives a thread of nice 15 one part of a busy core where one of nice 0 gets 28. */
    private static final int NICE = 15;

    private CompilerThreads() {}

    /**
     * Gives C2 what other threads leave. Linux only; elsewhere, and where it is not allowed, nothing changes but the speed
     * of the first seconds. Threads that the JVM starts later, on machines with several cores, are not found. Any thread.
     */
    public static void comeLast() {
        for (Path compiler : optimizing()) {
            nice(Integer.parseInt(compiler.getFileName().toString()));
        }
    }

    /** The folders in which Linux describes the threads of C2; none elsewhere. */
    static Path[] optimizing() {
        Path tasks = Path.of("/proc/self/task");
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(tasks)) {
            return new Path[0];
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                if (Files.readString(task.resolve("comm")).startsWith("C2 Compiler")) {
                    found.add(task);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            Log.verbose("the threads of the compilers are not known: " + e.getMessage());
        }
        return found.toArray(Path[]::new);
    }

    @SuppressWarnings("UnusedVariable") // one that is refused stays as it is
    private static void nice(int thread) {
        Linker linker = Linker.nativeLinker();
        MethodHandle setPriority = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setpriority"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int ignored = (int) setPriority.invokeExact(PRIO_PROCESS, thread, NICE);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
