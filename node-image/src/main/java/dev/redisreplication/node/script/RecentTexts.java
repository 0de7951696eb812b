package dev.redisreplication.node.script;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;

/**
 * What some texts stood for when they came last, found without a digest or a String of them: clients send the same scripts and
 * names over and over. A text that is not here, or no longer, has to be looked up in the long way. The bytes are outside of the
 * heap. On the event loop.
 */
final class RecentTexts<V> {
    private static final int SLOT_BITS = 6;
    private static final int LONGEST = 16 << 10; // bytes of a text: all of them take 1 MiB at most

    private final NativeBuffer[] texts = new NativeBuffer[1 << SLOT_BITS];
    private final Object[] values = new Object[1 << SLOT_BITS];

    /** What the text stands for, or null if that is not known here. */
    @SuppressWarnings("unchecked") // only put() writes
    V find(long text, int length) {
        int slot = slot(text, length);
        Object value = values[slot];
        if (value == null || texts[slot].readable() != length || !Memory.equal(texts[slot].address(), text, length)) {
            return null;
        }
        return (V) value;
    }

    /** From now on the text stands for {@code value}, until another one takes its place. */
    void put(long text, int length, V value) {
        if (length > LONGEST) {
            return;
        }
        int slot = slot(text, length);
        if (texts[slot] == null) {
            texts[slot] = new NativeBuffer(Math.max(length, 16));
        }
        texts[slot].clear();
        texts[slot].put(text, length);
        values[slot] = value;
    }

    /** Forgets everything. */
    void clear() {
        for (int slot = 0; slot < values.length; slot++) {
            values[slot] = null;
            if (texts[slot] != null) {
                texts[slot].close();
                texts[slot] = null;
            }
        }
    }

    /** By its length and its ends: two texts that meet only cost time. */
    private static int slot(long text, int length) {
        long hash = length;
        if (length >= 8) {
            hash += Memory.getLong(text) * 31 + Memory.getLong(text + length - 8);
        } else {
            for (int i = 0; i < length; i++) {
                hash = hash * 31 + Memory.getByte(text + i);
            }
        }
        return (int) (hash * 0x9E3779B97F4A7C15L >>> 64 - SLOT_BITS);
    }
}
