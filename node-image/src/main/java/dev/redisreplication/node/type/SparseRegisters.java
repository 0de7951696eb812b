package dev.redisreplication.node.type;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import java.util.Arrays;

/**
 * The registers of a HyperLogLog as runs of equal ones, in the order of the registers: {@code 00nnnnnn} are n + 1 zeros,
 * {@code 01nnnnnn nnnnnnnn} the same for up to 16384, {@code 1vvvvvnn} are n + 1 registers of v + 1. It is changed in a buffer that has
 * room for the dense form, into which it turns when it gets too long, or a value too high.
 */
public final class SparseRegisters {
    private static final int MOST_ZEROS = 64;
    private static final int MOST_VALUE = 32;
    private static final int MOST_VALUES = 4;

    private SparseRegisters() {}

    /** Told of each run, zeros too. */
    @FunctionalInterface
    public interface RunVisitor {
        void run(int first, int count, int value);
    }

    /** Makes an empty one at an address; returns its length. */
    public static int create(long address) {
        LogHeader.header(address, LogHeader.SPARSE);
        return LogHeader.HEADER + putZeros(address + LogHeader.HEADER, LogHeader.REGISTERS);
    }

    /** Visits all runs; false if they are not those of all registers. */
    public static boolean each(long address, int length, RunVisitor visitor) {
        int register = 0;
        for (long at = address + LogHeader.HEADER; at < address + length; at += size(at)) {
            if (size(at) > address + length - at || register + count(at) > LogHeader.REGISTERS) {
                return false;
            }
            visitor.run(register, count(at), value(at));
            register += count(at);
        }
        return register == LogHeader.REGISTERS;
    }

    /** Whether a run is written as zeros in two bytes. */
    static boolean isLong(long run) {
        return (Memory.getByte(run) & 0xc0) == 0x40;
    }

    private static boolean isValue(long run) {
        return Memory.getByte(run) < 0;
    }

    private static int size(long run) {
        return isLong(run) ? 2 : 1;
    }

    private static int count(long run) {
        int first = Memory.getUnsignedByte(run);
        if (isValue(run)) {
            return (first & 3) + 1;
        }
        return isLong(run) ? ((first & 63) << 8 | Memory.getUnsignedByte(run + 1)) + 1 : (first & 63) + 1;
    }

    private static int value(long run) {
        return isValue(run) ? (Memory.getUnsignedByte(run) >> 2 & 31) + 1 : 0;
    }

    private static int putZeros(long at, int count) {
        if (count > MOST_ZEROS) {
            Memory.putByte(at, 0x40 | count - 1 >> 8);
            Memory.putByte(at + 1, count - 1);
            return 2;
        }
        Memory.putByte(at, count - 1);
        return 1;
    }

    private static int putValues(long at, int value, int count) {
        Memory.putByte(at, 0x80 | value - 1 << 2 | count - 1);
        return 1;
    }

    /** What {@link #raise} says. */
    public enum Outcome {
        UNCHANGED,
        CHANGED,
        /** The runs are not those of all registers. */
        DAMAGED
    }

    /**
     * Raises a register of one that is sparse; it may be dense afterwards.
     *
     * @param log the bytes, which have room for the dense form behind them; its length is changed
     * @param longest how long the sparse form may get
     */
    public static Outcome raise(Slice log, int register, int value, int longest) {
        if (value > MOST_VALUE) {
            return raiseDense(log, register, value);
        }
        long start = log.address() + LogHeader.HEADER;
        long end = log.address() + log.length();
        long previous = start;
        long run = start;
        int first = 0;
        for (; run < end && register >= first + count(run); run += size(run)) {
            previous = run;
            first += count(run);
        }
        if (run >= end || size(run) > end - run) {
            return Outcome.DAMAGED;
        }
        if (value(run) >= value) {
            return Outcome.UNCHANGED;
        }
        if (count(run) == 1 && !isLong(run)) {
            putValues(run, value, 1);
        } else if (!split(log, run, first, register, value, longest)) {
            return raiseDense(log, register, value);
        }
        join(log, previous);
        LogHeader.outdate(log.address());
        return Outcome.CHANGED;
    }

    /** Puts a value into the middle of a run; false if there is no room for it, and nothing was done. */
    private static boolean split(Slice log, long run, int first, int register, int value, int longest) {
        int count = count(run);
        int old = value(run);
        int before = register - first;
        int after = first + count - 1 - register;
        int grown = sizeOf(old, before) + 1 + sizeOf(old, after) - size(run);
        if (grown > 0 && log.length() + grown > longest) {
            return false;
        }
        long next = run + size(run);
        long rest = log.address() + log.length() - next;
        Memory.copy(next, next + grown, rest);
        long at = run;
        at += before == 0 ? 0 : put(at, old, before);
        at += putValues(at, value, 1);
        if (after > 0) {
            put(at, old, after);
        }
        log.point(log.address(), log.length() + grown);
        return true;
    }

    private static int sizeOf(int value, int count) {
        return count == 0 ? 0 : value == 0 && count > MOST_ZEROS ? 2 : 1;
    }

    private static int put(long at, int value, int count) {
        return value == 0 ? putZeros(at, count) : putValues(at, value, count);
    }

    /** Joins runs of the same value, from one run on and some behind it. */
    private static void join(Slice log, long from) {
        long at = from;
        for (int looks = 5; looks > 0 && at < log.address() + log.length(); looks--) {
            long end = log.address() + log.length();
            if (!isValue(at)) {
                at += size(at);
            } else if (at + 1 < end
                    && isValue(at + 1)
                    && value(at) == value(at + 1)
                    && count(at) + count(at + 1) <= MOST_VALUES) {
                putValues(at + 1, value(at), count(at) + count(at + 1));
                Memory.copy(at + 1, at, end - at - 1);
                log.point(log.address(), log.length() - 1);
            } else {
                at++;
            }
        }
    }

    private static Outcome raiseDense(Slice log, int register, int value) {
        if (!toDense(log)) {
            return Outcome.DAMAGED;
        }
        DenseRegisters.raise(log.address(), register, value);
        LogHeader.outdate(log.address());
        return Outcome.CHANGED;
    }

    /** Turns one into the dense form, in its place; false if it is damaged. What is noted stays. */
    public static boolean toDense(Slice log) {
        byte[] registers = new byte[LogHeader.REGISTERS];
        boolean sound = each(
                log.address(),
                log.length(),
                (first, count, value) -> Arrays.fill(registers, first, first + count, (byte) value));
        if (!sound) {
            return false;
        }
        long count = Memory.getLong(log.address() + 8);
        LogHeader.header(log.address(), LogHeader.DENSE);
        LogHeader.note(log.address(), count);
        Memory.zero(log.address() + LogHeader.HEADER, LogHeader.DENSE_SIZE - LogHeader.HEADER);
        for (int i = 0; i < registers.length; i++) {
            if (registers[i] > 0) {
                DenseRegisters.put(log.address(), i, registers[i]);
            }
        }
        log.point(log.address(), LogHeader.DENSE_SIZE);
        return true;
    }

    /** The runs as PFDEBUG DECODE writes them; null if they are damaged. */
    public static String text(long address, int length) {
        if (!each(address, length, (first, count, value) -> {})) {
            return null;
        }
        StringBuilder out = new StringBuilder();
        for (long at = address + LogHeader.HEADER; at < address + length; at += size(at)) {
            out.append(out.isEmpty() ? "" : " ");
            if (isValue(at)) {
                out.append("v:").append(value(at)).append(',').append(count(at));
            } else {
                out.append(isLong(at) ? "Z:" : "z:").append(count(at));
            }
        }
        return out.toString();
    }
}
