package dev.redisreplication.node.rdb;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random changes of files: bytes that are others, missing, twice there, of another file, or of the kind that lengths are made of. */
public final class Mutations {
    private static final int[] TELLING = {
        0, 1, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xc3, 0xf0, 0xf4, 0xfb, 0xfe, 0xff
    };

    private Mutations() {}

    /** One of the files, changed in a few places. */
    public static byte[] of(List<byte[]> corpus, Random random) {
        byte[] file = corpus.get(random.nextInt(corpus.size())).clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            file = once(file, corpus, random);
        }
        return file;
    }

    private static byte[] once(byte[] file, List<byte[]> corpus, Random random) {
        if (file.length < 2) {
            return file;
        }
        int at = random.nextInt(file.length);
        int length = Math.min(1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 8), file.length - at);
        switch (random.nextInt(8)) {
            case 0, 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> file[at] = (byte) random.nextInt(256);
            case 3, 4 -> file[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 5 -> {
                return joined(Arrays.copyOf(file, at), Arrays.copyOfRange(file, at + length, file.length));
            }
            case 6 -> {
                byte[] from = corpus.get(random.nextInt(corpus.size()));
                int start = random.nextInt(from.length);
                byte[] piece = Arrays.copyOfRange(from, start, Math.min(from.length, start + length));
                return joined(Arrays.copyOf(file, at), piece, Arrays.copyOfRange(file, at, file.length));
            }
            default -> {
                return Arrays.copyOf(file, at);
            }
        }
        return file;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
