package dev.redisreplication.node.memory;

/** The sizes that slabs are cut into: steps of 4 bytes up to 128, then eight steps a doubling up to 32 KiB. */
final class SizeClasses {
    private static final int FINE = 128;
    private static final int FIRST_COARSE = FINE / 4 + 1;

    /** How many classes there are, the unused class 0 included. */
    static final int COUNT = FIRST_COARSE + 64;

    private static final int[] SIZES = sizes();

    private SizeClasses() {}

    /** The class of a size from 0 to 32 KiB. */
    static int of(int size) {
        if (size <= FINE) {
            return Math.max(2, (size + 3) >> 2);
        }
        int power = 31 - Integer.numberOfLeadingZeros(size - 1);
        int step = (size - 1 - (1 << power)) >> (power - 3);
        return FIRST_COARSE + ((power - 7) << 3) + step;
    }

    /** The bytes of a block of this class. */
    static int size(int sizeClass) {
        return SIZES[sizeClass];
    }

    private static int[] sizes() {
        int[] sizes = new int[COUNT];
        for (int c = 0; c < FIRST_COARSE; c++) {
            sizes[c] = 4 * c;
        }
        for (int c = FIRST_COARSE; c < COUNT; c++) {
            int power = 7 + ((c - FIRST_COARSE) >> 3);
            int step = ((c - FIRST_COARSE) & 7) + 1;
            sizes[c] = (1 << power) + (step << (power - 3));
        }
        return sizes;
    }
}
