package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import java.io.IOException;

/**
 * The bytes of a dump, read from front to back: those of native memory, or of a {@link RdbWindow}. Never reads past the end:
 * it throws instead. A slice that was filled stays valid while the next hundred kilobytes are read, at least.
 */
final class RdbInput {
    private static final long LONGEST_STRING = 512L << 20;

    private final RdbWindow window; // null where all is in memory
    private long start;
    private long end;
    private long at;
    private long passed; // bytes before the start
    private long checked; // up to here the checksum goes
    private long crc;
    private boolean special;

    RdbInput(long address, long length) {
        window = null;
        start = address;
        at = address;
        checked = address;
        end = address + length;
    }

    RdbInput(RdbWindow window) {
        this.window = window;
        start = window.address();
        at = start;
        checked = start;
        end = start;
    }

    long offset() {
        return passed + at - start;
    }

    private void need(long bytes, String what) throws RdbException {
        if (bytes > end - at && (window == null || !fetch(bytes))) {
            throw new RdbException(
                    passed + end - start,
                    "cut short: " + what + " at offset " + offset() + " needs " + bytes + " bytes, there are "
                            + (end - at));
        }
    }

    private boolean fetch(long bytes) throws RdbException {
        if (!window.hasRoom(at, bytes)) {
            crcSoFar();
            window.move(at, end, bytes);
            passed += at - start;
            end = window.address() + end - at;
            start = window.address();
            at = start;
            checked = start;
        }
        try {
            while (end - at < bytes) {
                int more = window.more(end);
                if (more < 0) {
                    return false;
                }
                end += more;
            }
            return true;
        } catch (IOException e) {
            throw new RdbException(offset(), "it cannot be read: " + e.getMessage(), e);
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
        crc = Crc64.update(crc, checked, at - checked);
        checked = at;
        return crc;
    }

    long remaining() {
        return end - at;
    }
}
