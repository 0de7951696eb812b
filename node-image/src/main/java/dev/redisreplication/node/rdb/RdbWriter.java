package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes the parts of a dump in their order: {@link #header}, then for each database {@link #selectDb} and
 * its keys, then {@link #end}. Everything but the checksum behind the end mark, which needs all bytes and is added by who
 * carries them away. Of the encodings that Redis 7.0 loads, the plain ones: they need no packing here, and Redis packs
 * small values again when it loads them. Only hashes whose fields have times to live need a newer version than 7.0's.
 */
public final class RdbWriter {
    private NativeBuffer out;
    private LongStrings longStrings; // or null

    /** A writer into {@code out}. */
    public RdbWriter(NativeBuffer out) {
        this.out = out;
    }

    /** Goes on in another buffer, which is empty, and says what in it could be compressed; null: nothing is to be. */
    void into(NativeBuffer next, LongStrings strings) {
        out = next;
        longStrings = strings;
    }

    /** The buffer it writes to now. */
    public NativeBuffer buffer() {
        return out;
    }

    /** The first bytes of a dump of what Redis 7.0 can load, with facts such as {@code repl-id}. */
    public void header(Map<String, String> facts) {
        header(facts, false);
    }

    /**
     * The first bytes of a dump, with facts such as {@code repl-id}.
     *
     * @param timed whether there are hashes whose fields have times to live
     */
    public void header(Map<String, String> facts, boolean timed) {
        out.put("REDIS00" + version(timed));
        facts.forEach((name, value) -> {
            out.put(RdbFormat.OP_AUX);
            string(name);
            string(value);
        });
    }

    static int version(boolean timed) {
        return timed ? RdbFormat.WRITTEN_VERSION_TIMED : RdbFormat.WRITTEN_VERSION;
    }

    /** The code of a function library; before all keys. */
    public void library(byte[] code) {
        out.put(RdbFormat.OP_FUNCTION_2);
        bytes(code);
    }

    /** The keys that follow belong to this database. */
    public void selectDb(int db) {
        out.put(RdbFormat.OP_SELECT_DB);
        length(db);
    }

    /** How many keys the selected database has, and how many of them expire: lets the reader make room at once. */
    public void sizes(long keys, long expiring) {
        out.put(RdbFormat.OP_RESIZE_DB);
        length(keys);
        length(expiring);
    }

    /** Since how many seconds the key that begins next was not used. */
    public void idle(long seconds) {
        out.put(RdbFormat.OP_IDLE);
        length(seconds);
    }

    /** How often the key that begins next is used, 0 to 255. */
    public void frequency(int count) {
        out.put(RdbFormat.OP_FREQ);
        out.put(count);
    }

    /**
     * A key begins; its value must follow: one string, or a number of elements and the elements.
     *
     * @param expireAt Unix time in milliseconds, or -1
     */
    public void key(Type type, long address, int length, long expireAt) {
        key(typeOf(type), address, length, expireAt);
    }

    /** The same with a type that is one of the format's. */
    void key(int type, long address, int length, long expireAt) {
        if (expireAt >= 0) {
            out.put(RdbFormat.OP_EXPIRE_MS);
            fixed64(expireAt);
        }
        type(type);
        string(address, length);
    }

    /** The byte that says which type a value has, and how it is written here. */
    void type(int type) {
        out.put(type);
    }

    static int typeOf(Type type) {
        return switch (type) {
            case STRING -> RdbFormat.TYPE_STRING;
            case LIST -> RdbFormat.TYPE_LIST;
            case SET -> RdbFormat.TYPE_SET;
            case ZSET -> RdbFormat.TYPE_ZSET_2;
            case HASH -> RdbFormat.TYPE_HASH;
            case STREAM -> RdbFormat.TYPE_STREAM_LISTPACKS_2;
        };
    }

    /** The end mark. */
    public void end() {
        out.put(RdbFormat.OP_EOF);
    }

    /** A number of elements, or any other number without a sign. */
    public void length(long value) {
        if (value >= 0 && value < 1 << 6) {
            out.put((int) value);
        } else if (value >= 0 && value < 1 << 14) {
            out.put(RdbFormat.LENGTH_14 << 6 | (int) (value >>> 8));
            out.put((int) value & 0xFF);
        } else if (value >= 0 && value <= 0xFFFFFFFFL) {
            out.put(RdbFormat.LENGTH_32_MARK);
            long at = grow(4);
            Memory.putInt(at, Integer.reverseBytes((int) value));
        } else {
            out.put(RdbFormat.LENGTH_64_MARK);
            fixed64(Long.reverseBytes(value));
        }
    }

    /** A string; small integers take their own shorter form. */
    public void string(long address, int length) {
        if (length <= 11 && Decimal.isCanonical(address, length)) {
            long value = Decimal.parse(address, length);
            if (value == (int) value) {
                smallInteger((int) value);
                return;
            }
        }
        plain(address, length);
    }

    /** A string as it is. */
    void plain(long address, int length) {
        int lengthAt = out.readable();
        length(length);
        noteLong(lengthAt, length);
        out.put(address, length);
    }

    private void noteLong(int lengthAt, int length) {
        if (longStrings != null && LongStrings.isOne(length)) {
            longStrings.add(lengthAt, out.readable(), length);
        }
    }

    /** A string in compressed form, unless that would take more than {@code most} bytes; whether it was written. */
    boolean compressed(long address, int length, int most, LzfCompressor compressor) {
        int before = out.readable();
        out.put(RdbFormat.LENGTH_SPECIAL << 6 | RdbFormat.ENCODED_LZF);
        int head = out.readable();
        length(length); // a place for the compressed length, which takes no more than this
        length(length);
        int room = out.readable() - head;
        out.ensure(most);
        long at = out.address() + head + room;
        int packed = compressor.compress(address, length, at, most);
        out.rewind(packed == 0 ? before : head);
        if (packed == 0) {
            return false;
        }
        length(packed);
        length(length);
        Memory.copy(at, out.address() + out.readable(), packed);
        out.wrote(packed);
        return true;
    }

    private void smallInteger(int value) {
        if (value == (byte) value) {
            out.put(RdbFormat.LENGTH_SPECIAL << 6 | RdbFormat.ENCODED_INT8);
            out.put(value & 0xFF);
        } else if (value == (short) value) {
            out.put(RdbFormat.LENGTH_SPECIAL << 6 | RdbFormat.ENCODED_INT16);
            Memory.putShort(grow(2), value);
        } else {
            out.put(RdbFormat.LENGTH_SPECIAL << 6 | RdbFormat.ENCODED_INT32);
            Memory.putInt(grow(4), value);
        }
    }

    private void string(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
        int lengthAt = out.readable();
        length(bytes.length);
        noteLong(lengthAt, bytes.length);
        out.put(bytes);
    }

    /** The score of a sorted set's member. */
    public void score(double score) {
        fixed64(Double.doubleToRawLongBits(score));
    }

    /** The id of a stream's node, as a string of 16 bytes. */
    void nodeId(long milliseconds, long sequence) {
        length(16);
        id(milliseconds, sequence);
    }

    /** The id of a pending entry: 16 bytes. */
    void id(long milliseconds, long sequence) {
        fixed64(Long.reverseBytes(milliseconds));
        fixed64(Long.reverseBytes(sequence));
    }

    /** A Unix time in milliseconds. */
    void time(long milliseconds) {
        fixed64(milliseconds);
    }

    private void fixed64(long value) {
        Memory.putLong(grow(8), value);
    }

    private long grow(int bytes) {
        out.ensure(bytes);
        long at = out.address() + out.readable();
        out.wrote(bytes);
        return at;
    }
}
