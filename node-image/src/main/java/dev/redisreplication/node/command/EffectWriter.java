package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.Arrays;

/**
 * Builds the commands that are logged in place of the one that was called: {@code call.effect(3).arg("PEXPIREAT")
 * .arg(call.address(1), call.length(1)).arg(when)}. Give exactly as many arguments as announced.
 */
public final class EffectWriter {
    private final NativeBuffer buffer = new NativeBuffer(256);
    private int[] ends = new int[4];
    private int count;

    EffectWriter() {}

    EffectWriter begin(int argc) {
        if (count > 0) {
            closeLast();
        }
        if (count + 1 >= ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        count++;
        CommandEncoder.begin(buffer, argc);
        return this;
    }

    /** An argument of native bytes. */
    public EffectWriter arg(long address, int length) {
        CommandEncoder.arg(buffer, address, length);
        return this;
    }

    /** An argument of text. */
    public EffectWriter arg(String text) {
        CommandEncoder.arg(buffer, text);
        return this;
    }

    /** An argument of bytes. */
    public EffectWriter arg(byte[] bytes) {
        CommandEncoder.arg(buffer, bytes);
        return this;
    }

    /** A decimal argument. */
    public EffectWriter arg(long value) {
        CommandEncoder.arg(buffer, value);
        return this;
    }

    int count() {
        return count;
    }

    private void closeLast() {
        ends[count - 1] = buffer.readable();
    }

    /** Hands the commands over, in their order, and forgets them. */
    void flushTo(Effects effects, int db) {
        closeLast();
        int from = 0;
        for (int i = 0; i < count; i++) {
            effects.append(db, buffer.address() + from, ends[i] - from);
            from = ends[i];
        }
        clear();
    }

    void clear() {
        count = 0;
        buffer.clear();
    }
}
