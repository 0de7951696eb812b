package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;

/** Walks the elements of one of Redis' packed encodings. Every step checks that it stays inside the blob. */
abstract sealed class PackedCursor permits ListpackCursor, ZiplistCursor, ZipmapCursor {
    private final String encoding;
    private long reportAt;
    private long blob;

    /** First byte of the next element, and first byte after the blob. */
    protected long at;

    protected long end;

    private boolean isInteger;
    private long integer;
    private long textAddress;
    private int textLength;

    PackedCursor(String encoding) {
        this.encoding = encoding;
    }

    /**
     * Starts at the first element of a blob.
     *
     * @param offset where in the dump the blob is announced, for error messages
     */
    final void open(long address, int length, long offset) throws RdbException {
        blob = address;
        at = address;
        end = address + length;
        reportAt = offset;
        int header = headerSize();
        need(header);
        long announced = announcesLength() ? Memory.getInt(address) & 0xFFFFFFFFL : length;
        if (announced != length) {
            throw broken("its header says " + announced + " bytes, its string has " + length);
        }
        at = address + header;
    }

    /** Whether its first four bytes say how long it is. */
    boolean announcesLength() {
        return true;
    }

    abstract int headerSize();

    /** Moves to the next element; false at the end mark. */
    abstract boolean next() throws RdbException;

    /** The element as text, integers in decimal. */
    final void into(Slice target) {
        if (isInteger) {
            target.decimal(integer);
        } else {
            target.point(textAddress, textLength);
        }
    }

    /** Moves to the next element, which must exist, and stores it. */
    final void require(Slice target) throws RdbException {
        if (!next()) {
            throw broken("it ends where another element was expected");
        }
        into(target);
    }

    /** Moves to the next element, which must be an integer. */
    final long requireInteger() throws RdbException {
        if (!next() || !isInteger) {
            throw broken("an integer was expected");
        }
        return integer;
    }

    protected final void integer(long value) {
        isInteger = true;
        integer = value;
    }

    /** The element is the next {@code length} bytes. */
    protected final void text(long length) throws RdbException {
        need(length);
        isInteger = false;
        textAddress = at;
        textLength = (int) length;
        at += length;
    }

    protected final int unsignedByte() throws RdbException {
        need(1);
        return Memory.getByte(at++) & 0xFF;
    }

    /** The next {@code bytes} bytes as a signed little-endian number. */
    protected final long signed(int bytes) throws RdbException {
        need(bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (Memory.getByte(at + i) & 0xFFL) << (8 * i);
        }
        at += bytes;
        int unused = 64 - 8 * bytes;
        return value << unused >> unused;
    }

    protected final void skip(long bytes) throws RdbException {
        need(bytes);
        at += bytes;
    }

    private void need(long bytes) throws RdbException {
        if (bytes < 0 || bytes > end - at) {
            throw broken("an element of " + bytes + " bytes does not fit in the rest");
        }
    }

    final RdbException broken(String why) {
        return new RdbException(
                reportAt,
                encoding + " of " + (end - blob) + " bytes is broken at its byte " + (at - blob) + ": " + why);
    }
}
