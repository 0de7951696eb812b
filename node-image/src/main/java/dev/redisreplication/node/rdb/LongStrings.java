package dev.redisreplication.node.rdb;

import java.util.Arrays;

/**
 * The strings in a stretch of a dump that are long enough to be compressed. They are written as they are, on the event loop,
 * and remembered here; {@link Packer} compresses them later, on another thread. All places count from the stretch's first byte.
 */
public final class LongStrings {
    private static final int ABOVE = 20;
    private static final int NUMBERS = 3; // of a string: where its length begins, where its bytes do, how many they are

    private int[] numbers = new int[NUMBERS * 32];
    private int count;

    /** Whether a string of this length is one. */
    static boolean isOne(int length) {
        return length > ABOVE;
    }

    void add(int lengthAt, int bytesAt, int length) {
        int at = NUMBERS * count++;
        if (at == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * at);
        }
        numbers[at] = lengthAt;
        numbers[at + 1] = bytesAt;
        numbers[at + 2] = length;
    }

    int count() {
        return count;
    }

    int lengthAt(int i) {
        return numbers[NUMBERS * i];
    }

    int bytesAt(int i) {
        return numbers[NUMBERS * i + 1];
    }

    int length(int i) {
        return numbers[NUMBERS * i + 2];
    }

    void clear() {
        count = 0;
    }
}
