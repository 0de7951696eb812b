package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.List;

/** The payload of FUNCTION DUMP and RESTORE: the libraries as a dump has them, then its version and a checksum. */
public final class LibraryDump {
    private static final int FOOTER = 10;

    private LibraryDump() {}

    /** Writes the payload into {@code out}, which is empty. */
    public static void write(List<byte[]> libraries, NativeBuffer out) {
        RdbWriter writer = new RdbWriter(out);
        for (byte[] code : libraries) {
            writer.library(code);
        }
        out.put(RdbFormat.WRITTEN_VERSION & 0xff);
        out.put(RdbFormat.WRITTEN_VERSION >> 8);
        long crc = Crc64.update(0, out.address(), out.readable());
        for (int shift = 0; shift < Long.SIZE; shift += 8) {
            out.put((int) (crc >>> shift) & 0xff);
        }
    }

    /** Whether version and checksum at the end are right. */
    public static boolean isWhole(long address, int length) {
        if (length < FOOTER) {
            return false;
        }
        int version = Memory.getShort(address + length - FOOTER) & 0xffff;
        long found = Memory.getLong(address + length - Long.BYTES);
        return version <= RdbFormat.NEWEST_READABLE_VERSION && found == Crc64.update(0, address, length - Long.BYTES);
    }

    /**
     * The code of each library.
     *
     * @param most bytes of code that may come onto the heap: a dump may have packed a lot into a little
     * @throws RdbException if it is not what {@link #write} writes, or too much
     */
    public static List<byte[]> read(long address, int length, long most) throws RdbException {
        RdbInput in = new RdbInput(address, length - FOOTER);
        Slice code = new Slice();
        List<byte[]> all = new ArrayList<>();
        long bytes = 0;
        while (in.remaining() > 0) {
            long began = in.offset();
            if (in.unsignedByte("an opcode") != RdbFormat.OP_FUNCTION_2) {
                throw new RdbException(began, "a function library was expected");
            }
            in.string(code, "a function library");
            bytes += code.length();
            if (bytes > most) {
                throw new RdbException(began, "the libraries take too much memory");
            }
            all.add(Memory.bytes(code.address(), code.length()));
        }
        return all;
    }
}
