package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.List;

/** The payload of FUNCTION DUMP and RESTORE: the libraries as a dump has them, then its version and a checksum. */
public final class LibraryDump {
    private LibraryDump() {}

    /**
     * Writes the payload into {@code out}, which is empty.
     *
     * @param compress whether long codes are compressed
     */
    public static void write(List<byte[]> libraries, boolean compress, NativeBuffer out) {
        Packer.write(compress, out, writer -> libraries.forEach(writer::library));
        Footer.put(out, RdbFormat.WRITTEN_VERSION);
    }

    /** Whether version and checksum at the end are right. */
    public static boolean isWhole(long address, int length) {
        return Footer.isRight(address, length);
    }

    /**
     * The code of each library.
     *
     * @param most bytes of code that may come onto the heap: a dump may have packed a lot into a little
     * @throws RdbException if it is not what {@link #write} writes, or too much
     */
    public static List<byte[]> read(long address, int length, long most) throws RdbException {
        RdbInput in = new RdbInput(address, length - Footer.BYTES);
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
