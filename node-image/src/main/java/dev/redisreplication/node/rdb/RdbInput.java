package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;

/** The bytes of a dump in native memory, read from front to back. Never reads past the end: it throws instead. */
final class RdbInput {
    private static final long LONGEST_STRING = 512L << 20;

    private final long start;
    private final long end;
    private long at;
    private boolean special;

    RdbInput(long address, long length) {
        start = address;
        at = address;
        end = address + length;
    }

    long offset() {
        return at - start;
    }

    private void need(long bytes, String what) throws RdbException {
        if (bytes > end - at) {
            throw new RdbException(
                    end - start,
                    "cut short: " + what + " at offset " + offset() + " needs " + bytes + " bytes, there are "
                            + (end - at));
        }
    }

    int unsignedByte(String what) throws RdbException {
        need(1, what);
        return Memory.getByte(at++) & 0xFF;
    }

    /** Eight bytes, little-endian. */
    long fixed64(String what) throws RdbException {
        need(8, what);
        long value = Memory.getLong(at);
        at += 8;
        return value;
    }

    /** Four bytes, little-endian. */
    int fixed32(String what) throws RdbException {
        need(4, what);
        int value = Memory.getInt(at);
        at += 4;
        return value;
    }

    /** A plain length or number. */
    long length(String what) throws RdbException {
        long began = offset();
        long value = lengthOrSpecial(what);
        if (special) {
            throw new RdbException(began, what + ": a length was expected, an encoded string is there");
        }
        return value;
    }

    /** A length that something in memory will have. */
    int count(String what) throws RdbException {
        long began = offset();
        long value = length(what);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new RdbException(began, what + " of " + Long.toUnsignedString(value) + " is out of range");
        }
        return (int) value;
    }

    /** A length, or the number of a special string encoding; {@link #special} then says so. */
    private long lengthOrSpecial(String what) throws RdbException {
        long began = offset();
        int first = unsignedByte(what);
        special = false;
        return switch (first >>> 6) {
            case RdbFormat.LENGTH_6 -> first & 0x3F;
            case RdbFormat.LENGTH_14 -> (first & 0x3FL) << 8 | unsignedByte(what);
            case RdbFormat.LENGTH_SPECIAL -> {
                special = true;
                yield first & 0x3F;
            }
            default -> {
                if (first == RdbFormat.LENGTH_32_MARK) {
                    yield Integer.reverseBytes(fixed32(what)) & 0xFFFFFFFFL;
                }
                if (first == RdbFormat.LENGTH_64_MARK) {
                    yield Long.reverseBytes(fixed64(what));
                }
                throw new RdbException(began, what + ": 0x" + Integer.toHexString(first) + " begins no length");
            }
        };
    }

    /** A string in any encoding. */
    void string(Slice target, String what) throws RdbException {
        long began = offset();
        long value = lengthOrSpecial(what);
        if (!special) {
            raw(target, value, what, began);
            return;
        }
        switch ((int) value) {
            case RdbFormat.ENCODED_INT8 -> target.decimal((byte) unsignedByte(what));
            case RdbFormat.ENCODED_INT16 -> target.decimal((short) (unsignedByte(what) | unsignedByte(what) << 8));
            case RdbFormat.ENCODED_INT32 -> target.decimal(fixed32(what));
            case RdbFormat.ENCODED_LZF -> compressed(target, what, began);
            default -> throw new RdbException(began, what + ": string encoding " + value + " is unknown");
        }
    }

    /** Bytes without a length of their own. */
    void raw(Slice target, long length, String what) throws RdbException {
        raw(target, length, what, offset());
    }

    private void raw(Slice target, long length, String what, long began) throws RdbException {
        checkStringLength(length, what, began);
        need(length, what);
        target.point(at, (int) length);
        at += length;
    }

    private void compressed(Slice target, String what, long began) throws RdbException {
        long packed = length(what);
        long plain = length(what);
        checkStringLength(plain, what, began);
        checkStringLength(packed, what, began);
        need(packed, what);
        // Three packed bytes give at most 264 plain ones: a nonsense length must not cost half a gigabyte of memory.
        if (plain > packed * 88 || !Lzf.decompress(at, packed, target.reserve((int) plain), plain)) {
            throw new RdbException(began, what + ": compressed string of " + packed + " bytes is broken");
        }
        target.point(target.reserve((int) plain), (int) plain);
        at += packed;
    }

    private static void checkStringLength(long length, String what, long began) throws RdbException {
        if (length < 0 || length > LONGEST_STRING) {
            throw new RdbException(
                    began, what + " of " + Long.toUnsignedString(length) + " bytes is longer than 512 MiB");
        }
    }

    /** The checksum of everything before the current position. */
    long crcSoFar() {
        return Crc64.update(0, start, at - start);
    }

    long remaining() {
        return end - at;
    }
}
