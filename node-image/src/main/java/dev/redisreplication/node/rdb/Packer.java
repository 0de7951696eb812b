package dev.redisreplication.node.rdb;

import dev.redisreplication.node.resp.NativeBuffer;
import java.util.function.Consumer;

/** Compresses the long strings of one stretch of a dump after the other. One thread; holds native memory until it is closed. */
final class Packer implements AutoCloseable {
    private static final int KEPT = 1 << 20;
    /** What compression has to save, in bytes, to be used. */
    private static final int LEAST_GAIN = 4;

    private final LzfCompressor compressor = new LzfCompressor();
    private NativeBuffer packed = new NativeBuffer(KEPT / 4);

    /** The same stretch with its long strings compressed, where that makes them shorter; valid until the next call. */
    NativeBuffer pack(NativeBuffer plain, LongStrings strings) {
        if (strings.count() == 0) {
            return plain;
        }
        if (packed.capacity() > KEPT) {
            packed.close();
            packed = new NativeBuffer(KEPT / 4);
        }
        packed.clear();
        copy(plain, strings, packed, compressor);
        return packed;
    }

    @Override
    public void close() {
        packed.close();
    }

    /** Has something small written into {@code out}, its long strings compressed at once if so wanted. */
    static void write(boolean compress, NativeBuffer out, Consumer<RdbWriter> what) {
        RdbWriter writer = new RdbWriter(out);
        if (!compress) {
            what.accept(writer);
            return;
        }
        LongStrings strings = new LongStrings();
        try (NativeBuffer plain = new NativeBuffer(out.writable())) {
            writer.into(plain, strings);
            what.accept(writer);
            copy(plain, strings, out, new LzfCompressor());
        }
    }

    private static void copy(NativeBuffer from, LongStrings strings, NativeBuffer to, LzfCompressor compressor) {
        RdbWriter writer = new RdbWriter(to);
        long base = from.address();
        int done = 0;
        for (int i = 0; i < strings.count(); i++) {
            int at = strings.lengthAt(i);
            int length = strings.length(i);
            to.put(base + done, at - done);
            done = at; // where it does not become shorter, it goes with what follows
            if (writer.compressed(base + strings.bytesAt(i), length, length - LEAST_GAIN, compressor)) {
                done = strings.bytesAt(i) + length;
            }
        }
        to.put(base + done, from.readable() - done);
    }
}
