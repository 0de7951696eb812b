package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Slice;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes dumps as servers of old did, which nobody has at hand any more: every encoding since Redis 2.4. */
public final class OldDump {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int version;

    public OldDump(int version) {
        this.version = version;
        raw(String.format(Locale.ROOT, "REDIS%04d", version));
    }

    public OldDump raw(String latin) {
        out.writeBytes(bytes(latin));
        return this;
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    public OldDump bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    private OldDump fixed(long value, int width, ByteOrder order) {
        return fixed(out, value, width, order);
    }

    private OldDump fixed(ByteArrayOutputStream to, long value, int width, ByteOrder order) {
        byte[] eight = ByteBuffer.allocate(8).order(order).putLong(value).array();
        to.write(eight, order == ByteOrder.BIG_ENDIAN ? 8 - width : 0, width);
        return this;
    }

    public OldDump length(long n) {
        if (n < 64) {
            return bytes((int) n);
        } else if (n < 1 << 14) {
            return bytes(0x40 | (int) (n >> 8), (int) n & 0xff);
        }
        return bytes(0x80).fixed(n, 4, ByteOrder.BIG_ENDIAN);
    }

    public OldDump string(String latin) {
        return string(bytes(latin));
    }

    public OldDump string(byte[] value) {
        length(value.length);
        out.writeBytes(value);
        return this;
    }

    /** A type and a key's name. */
    public OldDump key(int type, String name) {
        return bytes(type).string(name);
    }

    public OldDump expiresAtSecond(long seconds) {
        return bytes(253).fixed(seconds, 4, ByteOrder.LITTLE_ENDIAN);
    }

    public OldDump expiresAt(long millis) {
        return bytes(252).fixed(millis, 8, ByteOrder.LITTLE_ENDIAN);
    }

    /** A number of eight bytes, such as a score. */
    public OldDump fixed64(long value) {
        return fixed(value, 8, ByteOrder.LITTLE_ENDIAN);
    }

    public OldDump textScore(String score) {
        return bytes(score.length()).raw(score);
    }

    /** A string of runs, compressed: one literal and a reference backwards over 260 bytes. */
    public OldDump compressedRun(char c) {
        return bytes(0xc3).length(5).length(265).bytes(0, c, 0xe0, 255, 0);
    }

    public byte[] end() {
        bytes(255);
        if (version >= 5) {
            byte[] all = out.toByteArray();
            Slice copy = new Slice().copyOf(all);
            fixed64(Crc64.update(0, copy.address(), all.length));
        }
        return out.toByteArray();
    }

    // ---- packed encodings

    /** Texts, and numbers in the shortest form of each. */
    public static byte[] ziplist(List<?> elements) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        OldDump to = new OldDump(1);
        int previous = 0;
        int last = 10;
        for (Object element : elements) {
            last = 10 + body.size();
            int began = body.size();
            if (previous < 254) {
                body.write(previous);
            } else {
                body.write(254);
                to.fixed(body, previous, 4, ByteOrder.LITTLE_ENDIAN);
            }
            if (element instanceof Long number) {
                ziplistNumber(to, body, number);
            } else {
                byte[] text = bytes((String) element);
                if (text.length < 64) {
                    body.write(text.length);
                } else if (text.length < 1 << 14) {
                    body.write(0x40 | text.length >> 8);
                    body.write(text.length);
                } else {
                    body.write(0x80);
                    to.fixed(body, text.length, 4, ByteOrder.BIG_ENDIAN);
                }
                body.writeBytes(text);
            }
            previous = body.size() - began;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        to.fixed(whole, 10 + body.size() + 1, 4, ByteOrder.LITTLE_ENDIAN);
        to.fixed(whole, last, 4, ByteOrder.LITTLE_ENDIAN);
        to.fixed(whole, elements.size(), 2, ByteOrder.LITTLE_ENDIAN);
        whole.writeBytes(body.toByteArray());
        whole.write(0xff);
        return whole.toByteArray();
    }

    private static void ziplistNumber(OldDump to, ByteArrayOutputStream body, long n) {
        if (n >= 0 && n <= 12) {
            body.write(0xf1 + (int) n);
            return;
        }
        int width = n == (byte) n ? 1 : n == (short) n ? 2 : n == (n << 40 >> 40) ? 3 : n == (int) n ? 4 : 8;
        body.write(width == 1 ? 0xfe : width == 2 ? 0xc0 : width == 3 ? 0xf0 : width == 4 ? 0xd0 : 0xe0);
        to.fixed(body, n, width, ByteOrder.LITTLE_ENDIAN);
    }

    /** Fields and values; the values have room left, as after an update. */
    public static byte[] zipmap(String... fieldsAndValues) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(fieldsAndValues.length / 2);
        for (int i = 0; i < fieldsAndValues.length; i++) {
            byte[] text = bytes(fieldsAndValues[i]);
            if (text.length < 254) {
                whole.write(text.length);
            } else {
                whole.write(254);
                new OldDump(1).fixed(whole, text.length, 4, ByteOrder.LITTLE_ENDIAN);
            }
            if (i % 2 == 1) {
                whole.write(i % 4); // unused bytes
            }
            whole.writeBytes(text);
            whole.writeBytes(new byte[i % 2 == 1 ? i % 4 : 0]);
        }
        whole.write(0xff);
        return whole.toByteArray();
    }

    public static byte[] intset(int width, long... sorted) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        OldDump to = new OldDump(1);
        to.fixed(whole, width, 4, ByteOrder.LITTLE_ENDIAN);
        to.fixed(whole, sorted.length, 4, ByteOrder.LITTLE_ENDIAN);
        for (long n : sorted) {
            to.fixed(whole, n, width, ByteOrder.LITTLE_ENDIAN);
        }
        return whole.toByteArray();
    }

    /** Texts and numbers, in the shortest form of each. */
    public static byte[] listpack(List<?> elements) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        OldDump to = new OldDump(1);
        for (Object element : elements) {
            int began = body.size();
            if (element instanceof Long number) {
                listpackNumber(to, body, number);
            } else {
                byte[] text = bytes((String) element);
                if (text.length < 64) {
                    body.write(0x80 | text.length);
                } else if (text.length < 1 << 12) {
                    body.write(0xe0 | text.length >> 8);
                    body.write(text.length);
                } else {
                    body.write(0xf0);
                    to.fixed(body, text.length, 4, ByteOrder.LITTLE_ENDIAN);
                }
                body.writeBytes(text);
            }
            backwards(body, body.size() - began);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        to.fixed(whole, 6 + body.size() + 1, 4, ByteOrder.LITTLE_ENDIAN);
        to.fixed(whole, elements.size(), 2, ByteOrder.LITTLE_ENDIAN);
        whole.writeBytes(body.toByteArray());
        whole.write(0xff);
        return whole.toByteArray();
    }

    private static void listpackNumber(OldDump to, ByteArrayOutputStream body, long n) {
        if (n >= 0 && n < 128) {
            body.write((int) n);
        } else if (n >= -4096 && n < 4096) {
            body.write(0xc0 | (int) n >> 8 & 0x1f);
            body.write((int) n);
        } else {
            int width = n == (short) n ? 2 : n == (n << 40 >> 40) ? 3 : n == (int) n ? 4 : 8;
            body.write(width == 2 ? 0xf1 : width == 3 ? 0xf2 : width == 4 ? 0xf3 : 0xf4);
            to.fixed(body, n, width, ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** An element's length behind it, to be read from its end: seven bits a byte, all but the first marked. */
    private static void backwards(ByteArrayOutputStream body, int length) {
        int shift = length < 128 ? 0 : length < 16383 ? 7 : 14;
        for (int bits = shift; bits >= 0; bits -= 7) {
            body.write(length >> bits & 0x7f | (bits == shift ? 0 : 0x80));
        }
    }

    public static byte[] streamId(long ms, long sequence) {
        return ByteBuffer.allocate(16).putLong(ms).putLong(sequence).array();
    }

    /** A module's id, of its name of nine letters and a version below 1024. */
    public static long moduleId(String name, int version) {
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        long id = 0;
        for (char c : name.toCharArray()) {
            id = id << 6 | letters.indexOf(c);
        }
        return id << 10 | version;
    }

    public OldDump length64(long n) {
        return bytes(0x81).fixed(n, 8, ByteOrder.BIG_ENDIAN);
    }
}
