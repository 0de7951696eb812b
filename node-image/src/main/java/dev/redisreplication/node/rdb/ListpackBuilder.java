package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;

/** Packs elements into a listpack, reusing its memory for the next one. */
final class ListpackBuilder {
    private static final int HEADER = 6;
    private static final int END = 0xFF;
    /** The header's count of elements is 16 bits wide; all ones says "count them". */
    private static final int UNKNOWN_COUNT = 0xFFFF;

    private final NativeBuffer buffer = new NativeBuffer(1024);
    private int count;

    /** Begins an empty listpack. */
    void begin() {
        buffer.clear();
        buffer.ensure(HEADER);
        buffer.wrote(HEADER);
        count = 0;
    }

    /** Bytes so far. */
    int size() {
        return buffer.readable();
    }

    /** Appends a string, as an integer where it is one. */
    void add(long address, int length) {
        if (Decimal.isCanonical(address, length)) {
            add(Decimal.parse(address, length));
            return;
        }
        int start = buffer.readable();
        if (length < 64) {
            buffer.put(0x80 | length);
        } else if (length < 4096) {
            buffer.put(0xE0 | length >>> 8);
            buffer.put(length & 0xFF);
        } else {
            buffer.put(0xF0);
            little(length, 4);
        }
        buffer.put(address, length);
        finish(start);
    }

    /** Appends an integer in the shortest form. */
    void add(long value) {
        int start = buffer.readable();
        if (value >= 0 && value <= 127) {
            buffer.put((int) value);
        } else if (value >= -4096 && value <= 4095) {
            buffer.put(0xC0 | (int) (value >> 8) & 0x1F);
            buffer.put((int) value & 0xFF);
        } else if (value == (short) value) {
            buffer.put(0xF1);
            little(value, 2);
        } else if (value << 40 >> 40 == value) {
            buffer.put(0xF2);
            little(value, 3);
        } else if (value == (int) value) {
            buffer.put(0xF3);
            little(value, 4);
        } else {
            buffer.put(0xF4);
            little(value, 8);
        }
        finish(start);
    }

    private void little(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            buffer.put((int) (value >>> (8 * i)) & 0xFF);
        }
    }

    /** Writes the element's own length behind it, in groups of seven bits, the lowest last. */
    private void finish(int start) {
        long length = (long) buffer.readable() - start;
        int size = ListpackCursor.backLengthSize(length);
        for (int i = size - 1; i >= 0; i--) {
            int group = (int) (length >>> (7 * i)) & 0x7F;
            buffer.put(i == size - 1 ? group : group | 0x80);
        }
        count++;
    }

    /** Completes it; the memory is the builder's until the next {@link #begin}. */
    NativeBuffer end() {
        buffer.put(END);
        long header = buffer.address();
        Memory.putInt(header, buffer.readable());
        Memory.putShort(header + 4, Math.min(count, UNKNOWN_COUNT));
        return buffer;
    }
}
