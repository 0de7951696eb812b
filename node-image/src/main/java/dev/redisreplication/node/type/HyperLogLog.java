package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;

/**
 * What is done with a HyperLogLog, sparse or dense, that {@link LogHeader} describes. The estimate is that of Otmar Ertl, "New
 * cardinality estimation algorithms for HyperLogLog sketches" (2017). The hash is MurmurHash2 of 64 bits, by Austin Appleby.
 */
public final class HyperLogLog {
    private static final int HASH_BITS = 50; // of 64, what is left besides the register's number
    private static final double ALPHA = 0.7213475204444817;

    private HyperLogLog() {}

    /** A hash of an element: the lowest 14 bits are the register's number, see {@link #rank} for the rest. */
    public static long hash(long address, int length) {
        long m = 0xc6a4a7935bd1e995L;
        long h = 0xadc83b19L ^ length * m;
        long at = address;
        for (long end = address + (length & ~7); at < end; at += 8) {
            long k = Memory.getLong(at) * m;
            h = (h ^ (k ^ k >>> 47) * m) * m;
        }
        int rest = length & 7;
        if (rest > 0) {
            long tail = 0;
            for (int i = rest - 1; i >= 0; i--) {
                tail = tail << 8 | Memory.getUnsignedByte(at + i);
            }
            h = (h ^ tail) * m;
        }
        h = (h ^ h >>> 47) * m;
        return h ^ h >>> 47;
    }

    /** The register that a hash belongs to. */
    public static int register(long hash) {
        return (int) hash & LogHeader.REGISTERS - 1;
    }

    /** What a hash would put into its register: the place of the lowest bit that is set, from 1 on. */
    public static int rank(long hash) {
        return 1 + Long.numberOfTrailingZeros(hash >>> 14 | 1L << HASH_BITS);
    }

    /**
     * Raises the registers in {@code most} to those of one that is kept.
     *
     * @return false if the sparse form is damaged
     */
    public static boolean merge(long address, int length, byte[] most) {
        if (LogHeader.isSparse(address)) {
            return SparseRegisters.each(address, length, (first, count, value) -> {
                for (int i = first; i < first + count; i++) {
                    most[i] = (byte) Math.max(most[i], value);
                }
            });
        }
        for (int i = 0; i < LogHeader.REGISTERS; i++) {
            most[i] = (byte) Math.max(most[i], DenseRegisters.get(address, i));
        }
        return true;
    }

    /** Estimates how many elements have made one that is kept; -1 if the sparse form is damaged. */
    public static long count(long address, int length) {
        int[] histogram = new int[64];
        if (LogHeader.isSparse(address)) {
            boolean sound = SparseRegisters.each(address, length, (first, count, value) -> histogram[value] += count);
            if (!sound) {
                return -1;
            }
        } else {
            for (int i = 0; i < LogHeader.REGISTERS; i++) {
                histogram[DenseRegisters.get(address, i)]++;
            }
        }
        return estimate(histogram);
    }

    /** The same of registers that are not kept. */
    public static long count(byte[] registers) {
        int[] histogram = new int[64];
        for (byte register : registers) {
            histogram[register]++;
        }
        return estimate(histogram);
    }

    private static long estimate(int[] histogram) {
        double m = LogHeader.REGISTERS;
        double z = m * tau((m - histogram[HASH_BITS + 1]) / m);
        for (int i = HASH_BITS; i >= 1; i--) {
            z = (z + histogram[i]) * 0.5;
        }
        z += m * sigma(histogram[0] / m);
        return Math.round(ALPHA * m * m / z);
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double z = 1 - x;
        for (double before = Double.NaN; z != before; ) {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        return z / 3;
    }

    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double y = 1;
        double z = x;
        for (double before = Double.NaN; z != before; ) {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        return z;
    }
}
