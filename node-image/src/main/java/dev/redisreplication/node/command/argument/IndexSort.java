package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;

/**
 * Puts the numbers from 0 to n - 1 into the order of what they stand for, in native memory: a merge sort, so what is equal stays as it
 * came. It is kept and used again; a large one gives its memory back when cleared.
 */
public final class IndexSort {
    private NativeBuffer sorted = new NativeBuffer(1024);
    private NativeBuffer other = new NativeBuffer(1024);

    /** What two numbers stand for, compared: negative, zero or positive. */
    @FunctionalInterface
    public interface Order {
        int compare(int a, int b);
    }

    /** Sorts the numbers below {@code n}; read them back with {@link #at}. */
    public void sort(int n, Order order) {
        clear();
        sorted.ensure(4 * n);
        other.ensure(4 * n);
        for (int i = 0; i < n; i++) {
            Memory.putInt(sorted.address() + 4L * i, i);
        }
        for (int width = 1; width < n; width = width < 1 << 30 ? 2 * width : n) {
            for (int low = 0; low < n; low += 2 * width) {
                int middle = Math.min(n, low + width);
                merge(sorted.address(), other.address(), low, middle, Math.min(n, middle + width), order);
            }
            NativeBuffer swap = sorted;
            sorted = other;
            other = swap;
        }
    }

    private static void merge(long from, long to, int low, int middle, int high, Order order) {
        int left = low;
        int right = middle;
        for (int i = low; i < high; i++) {
            boolean takeLeft = left < middle
                    && (right == high
                            || order.compare(Memory.getInt(from + 4L * left), Memory.getInt(from + 4L * right)) <= 0);
            Memory.putInt(to + 4L * i, Memory.getInt(from + 4L * (takeLeft ? left++ : right++)));
        }
    }

    /** The number in place {@code i} after {@link #sort}. */
    public int at(int i) {
        return Memory.getInt(sorted.address() + 4L * i);
    }

    /** Forgets all. */
    public void clear() {
        sorted = ElementBuffer.emptied(sorted);
        other = ElementBuffer.emptied(other);
    }
}
