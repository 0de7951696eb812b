package dev.redisreplication.node.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file that grows at its end. One thread writes; any may force, read and close it meanwhile. */
public interface DiskFile extends Closeable {
    /**
     * Hands bytes to the kernel, at the end of the file; perhaps not all of them.
     *
     * @return how many
     */
    int write(ByteBuffer bytes) throws IOException;

    /** Reads from a place of the file; returns how many bytes, -1 at its end. */
    int read(ByteBuffer into, long position) throws IOException;

    /** Returns when everything that was written before is on the disk. */
    void force() throws IOException;

    /** Cuts the file to this length; the next bytes follow there. */
    void truncate(long length) throws IOException;

    /** Its length in bytes. */
    long size() throws IOException;

    /** Writes all of the bytes. */
    default void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            write(bytes);
        }
    }
}
