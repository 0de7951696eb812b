package dev.redisreplication.node.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pages from the operating system: mmap on Linux, the JDK's own allocator elsewhere, and for what is asked for while the
 * system calls are still being linked. Any thread.
 */
final class Pages {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_HUGEPAGE = 14;
    private static final boolean LINUX = System.getProperty("os.name", "").startsWith("Linux");

    private static final ConcurrentHashMap<Long, Arena> FALLBACK = new ConcurrentHashMap<>();

    /** How far the system calls are. */
    private enum Linking {
        BY_FIRST_USE,
        NEVER,
        LATER,
        UNDER_WAY,
        DONE
    }

    private static volatile Linking linking = Linking.BY_FIRST_USE;

    private Pages() {}

    // Linking costs a tenth of a second, and several megabytes of classes.
    private static final class Calls {
        static final MethodHandle MMAP = link(
                "mmap",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        static final MethodHandle MUNMAP = link(
                "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        static final MethodHandle MADVISE = link(
                "madvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

        private static MethodHandle link(String name, FunctionDescriptor descriptor) {
            SymbolLookup lookup = Linker.nativeLinker().defaultLookup();
            return Linker.nativeLinker().downcallHandle(lookup.findOrThrow(name), descriptor);
        }
    }

    /** From now on nobody waits for the linking: the first who needs pages starts it on a thread of its own. */
    static void linkInBackground() {
        linking = Linking.LATER;
    }

    /** From now on all pages come from the JDK's own allocator. */
    static void neverLink() {
        linking = Linking.NEVER;
    }

    static boolean linked() {
        return linking == Linking.DONE;
    }

    private static boolean usesCalls() {
        if (!LINUX) {
            return false;
        }
        Linking state = linking;
        if (state == Linking.LATER) {
            startLinking();
        }
        return state == Linking.BY_FIRST_USE || state == Linking.DONE;
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: where priorities count, the event loop goes first
    private static synchronized void startLinking() {
        if (linking == Linking.LATER) {
            linking = Linking.UNDER_WAY;
            Thread.ofPlatform()
                    .daemon()
                    .name("link")
                    .priority(Thread.MIN_PRIORITY)
                    .start(() -> {
                        long page = mmap(4096); // the first calls are slow too
                        adviseHuge(page, 4096);
                        munmap(page, 4096);
                        linking = Linking.DONE;
                    });
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // unmap closes it
    private static long fallback(long length, long alignment) {
        Arena arena = Arena.ofShared();
        long address = arena.allocate(length, alignment).address();
        FALLBACK.put(address, arena);
        return address;
    }

    static long map(long length) {
        return usesCalls() ? mmap(length) : fallback(length, 4096);
    }

    private static long mmap(long length) {
        long address;
        try {
            address =
                    (long) Calls.MMAP.invokeExact(0L, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (address == -1) {
            throw new OutOfMemoryError("mmap of " + length + " bytes");
        }
        return address;
    }

    /** Pages aligned to a power of two that is at least their length, asking for huge pages. */
    static long mapAligned(long length) {
        if (!usesCalls()) {
            return fallback(length, length);
        }
        long wide = mmap(2 * length);
        long address = (wide + length - 1) & -length;
        if (address > wide) {
            munmap(wide, address - wide);
        }
        long end = wide + 2 * length;
        if (end > address + length) {
            munmap(address + length, end - address - length);
        }
        adviseHuge(address, length);
        return address;
    }

    // A kernel without huge pages refuses the advice, and nothing is lost but speed.
    @SuppressWarnings("UnusedVariable")
    private static void adviseHuge(long address, long length) {
        try {
            int ignored = (int) Calls.MADVISE.invokeExact(address, length, MADV_HUGEPAGE);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void unmap(long address, long length) {
        Arena arena = FALLBACK.isEmpty() ? null : FALLBACK.remove(address);
        if (arena != null) {
            arena.close();
        } else {
            munmap(address, length);
        }
    }

    private static void munmap(long address, long length) {
        int result;
        try {
            result = (int) Calls.MUNMAP.invokeExact(address, length);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (result != 0) {
            throw new IllegalStateException("munmap of " + length + " bytes at " + Long.toHexString(address));
        }
    }
}
