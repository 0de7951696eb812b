package dev.redisreplication.node.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ConcurrentHashMap;

/** Pages from the operating system: mmap on Linux, the JDK's own allocator elsewhere. Any thread. */
final class Pages {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_HUGEPAGE = 14;
    private static final boolean LINUX = System.getProperty("os.name", "").startsWith("Linux");

    // Only used where there is no mmap of the Linux kind.
    private static final ConcurrentHashMap<Long, Arena> FALLBACK = new ConcurrentHashMap<>();

    private Pages() {}

    // Linking costs tens of milliseconds, so it waits for the first call.
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

    @SuppressWarnings("MustBeClosedChecker") // unmap closes it
    private static long fallback(long length, long alignment) {
        Arena arena = Arena.ofShared();
        long address = arena.allocate(length, alignment).address();
        FALLBACK.put(address, arena);
        return address;
    }

    static long map(long length) {
        if (!LINUX) {
            return fallback(length, 4096);
        }
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
        if (!LINUX) {
            return fallback(length, length);
        }
        long wide = map(2 * length);
        long address = (wide + length - 1) & -length;
        if (address > wide) {
            unmap(wide, address - wide);
        }
        long end = wide + 2 * length;
        if (end > address + length) {
            unmap(address + length, end - address - length);
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
        if (!LINUX) {
            FALLBACK.remove(address).close();
            return;
        }
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
