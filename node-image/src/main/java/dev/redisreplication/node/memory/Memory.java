package dev.redisreplication.node.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The one place where raw addresses are read and written.
 *
 * <p>Keys and values live outside the heap and are found by 48-bit addresses kept in hash slots, so a
 * {@link MemorySegment} per value is out of the question. This class keeps a single constant segment that spans the whole
 * address space; because it is a static final, the compiler folds its base, scope and bounds away and an access
 * becomes one plain load or store. That is as fast as {@code sun.misc.Unsafe}, which the JDK is removing, and it stays
 * within the supported API (the process needs {@code --enable-native-access}).
 *
 * <p>All values are little endian and need no alignment. Nothing is checked: a wrong address ends the process.
 */
public final class Memory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Memory() {}

    public static byte getByte(long address) {
        return ALL.get(BYTE, address);
    }

    /** The byte at the address as 0..255. */
    public static int getUnsignedByte(long address) {
        return ALL.get(BYTE, address) & 0xff;
    }

    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    public static double getDouble(long address) {
        return ALL.get(DOUBLE, address);
    }

    public static void putByte(long address, int value) {
        ALL.set(BYTE, address, (byte) value);
    }

    public static void putShort(long address, int value) {
        ALL.set(SHORT, address, (short) value);
    }

    public static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    public static void putDouble(long address, double value) {
        ALL.set(DOUBLE, address, value);
    }

    /** Copies {@code length} bytes; the ranges may overlap. */
    public static void copy(long from, long to, long length) {
        if (length <= 32) {
            copyShort(from, to, (int) length);
        } else {
            MemorySegment.copy(ALL, from, ALL, to, length);
        }
    }

    // All loads come before all stores, so that overlapping ranges are right; a call of the stub costs more than this.
    private static void copyShort(long from, long to, int n) {
        if (n >= 16) {
            long a = getLong(from);
            long b = getLong(from + 8);
            long c = getLong(from + n - 16);
            long d = getLong(from + n - 8);
            putLong(to, a);
            putLong(to + 8, b);
            putLong(to + n - 16, c);
            putLong(to + n - 8, d);
        } else if (n >= 8) {
            long a = getLong(from);
            long b = getLong(from + n - 8);
            putLong(to, a);
            putLong(to + n - 8, b);
        } else if (n >= 4) {
            int a = getInt(from);
            int b = getInt(from + n - 4);
            putInt(to, a);
            putInt(to + n - 4, b);
        } else if (n > 0) {
            byte a = getByte(from);
            byte b = getByte(from + (n >> 1));
            byte c = getByte(from + n - 1);
            putByte(to, a);
            putByte(to + (n >> 1), b);
            putByte(to + n - 1, c);
        }
    }

    /** Copies bytes from the heap to an address. */
    public static void copy(byte[] from, int offset, long to, int length) {
        MemorySegment.copy(from, offset, ALL, BYTE, to, length);
    }

    /** Copies bytes from an address to the heap. */
    public static void copy(long from, byte[] to, int offset, int length) {
        MemorySegment.copy(ALL, BYTE, from, to, offset, length);
    }

    /** Copies words of eight bytes from an address to the heap, filling {@code to} from its start. */
    public static void copy(long from, long[] to, int count) {
        MemorySegment.copy(ALL, LONG, from, to, 0, count);
    }

    /** A new heap array with the bytes at the address; for cold paths. */
    public static byte[] bytes(long address, int length) {
        byte[] out = new byte[length];
        copy(address, out, 0, length);
        return out;
    }

    /** Sets {@code length} bytes to zero. */
    public static void zero(long address, long length) {
        ALL.asSlice(address, length).fill((byte) 0);
    }

    /** Whether two ranges of the same length hold the same bytes. */
    public static boolean equal(long a, long b, int length) {
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (getLong(a + i) != getLong(b + i)) {
                return false;
            }
        }
        if (length >= 8) {
            return getLong(a + length - 8) == getLong(b + length - 8);
        }
        for (; i < length; i++) {
            if (getByte(a + i) != getByte(b + i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range holds exactly these bytes. */
    public static boolean equal(long a, int length, byte[] b) {
        if (length != b.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (getByte(a + i) != b[i]) {
                return false;
            }
        }
        return true;
    }

    /** Compares as unsigned bytes, the shorter one first when it is a prefix: negative, zero or positive (memcmp). */
    public static int compare(long a, int aLength, long b, int bLength) {
        int n = Math.min(aLength, bLength);
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            long x = getLong(a + i);
            long y = getLong(b + i);
            if (x != y) {
                return Long.compareUnsigned(Long.reverseBytes(x), Long.reverseBytes(y));
            }
        }
        for (; i < n; i++) {
            int d = getUnsignedByte(a + i) - getUnsignedByte(b + i);
            if (d != 0) {
                return d;
            }
        }
        return aLength - bLength;
    }

    /** A view of a range as a segment, for calls that want one (channels, checksums). It does not own the memory. */
    public static MemorySegment segment(long address, long length) {
        return ALL.asSlice(address, length);
    }

    /** The address of a native segment. */
    public static long address(MemorySegment segment) {
        return segment.address();
    }

    /**
     * From now on no caller of {@link #map} or {@link Slabs} waits until the system calls behind them are linked, which
     * costs a tenth of a second: the first one has it begun on another thread, and until it is done pages come from the
     * C library's heap, without the advice to use huge ones. For a server; once, at its start.
     */
    public static void linkInBackground() {
        Pages.linkInBackground();
    }

    /** From now on pages come from the C library's heap, and the system calls are not linked at all. */
    public static void neverLink() {
        Pages.neverLink();
    }

    /**
     * Fresh zeroed pages from the operating system, aligned to 4 KiB, not counted by any {@link Slabs}. Give them back
     * with {@link #unmap}. Any thread.
     *
     * @throws OutOfMemoryError when the system has none
     */
    public static long map(long length) {
        return Pages.map(length);
    }

    /** Gives pages of {@link #map} back, with the same length. Any thread. */
    public static void unmap(long address, long length) {
        Pages.unmap(address, length);
    }
}
