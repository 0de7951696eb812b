package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;

/** What ends the payload of DUMP and of FUNCTION DUMP: the version of the format, two bytes, and a checksum, eight. */
final class Footer {
    static final int BYTES = 10;

    private Footer() {}

    /** Ends a payload that fills {@code out}. */
    static void put(NativeBuffer out, int version) {
        out.put(version & 0xff);
        out.put(version >> 8);
        long crc = Crc64.update(0, out.address(), out.readable());
        for (int shift = 0; shift < Long.SIZE; shift += 8) {
            out.put((int) (crc >>> shift) & 0xff);
        }
    }

    /** Whether a payload ends in a version that can be read, and the checksum of what is before. */
    static boolean isRight(long address, int length) {
        if (length < BYTES) {
            return false;
        }
        int version = Memory.getShort(address + length - BYTES) & 0xffff;
        long found = Memory.getLong(address + length - Long.BYTES);
        return version <= RdbFormat.NEWEST_READABLE_VERSION && found == Crc64.update(0, address, length - Long.BYTES);
    }
}
