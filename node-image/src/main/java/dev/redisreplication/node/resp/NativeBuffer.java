package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * A growing stretch of native memory with a read and a write position: the input and the output of a connection. Not
 * thread-safe. Growing may move the content, so an address got before a put is void after it.
 *
 * <p>A buffer that is {@link #chain chained}, for output, does not grow beyond {@link #LINK} bytes: what is full is put
 * aside as a <em>link</em>, to be taken by {@link #takeLink}, and it goes on in fresh memory. There may be more of it than
 * one stretch can hold, and nothing large is ever copied. Reading positions are those of the last stretch.
 */
public final class NativeBuffer implements AutoCloseable {
    /** Where a chained buffer begins another link, in bytes; one value that is longer still gets a link of its own. */
    public static final int LINK = 1 << 20;

    private static final long MAX = 0x7fff_0000L;

    private static final int PAGE = 4096;

    /** Bounds a chained buffer. */
    @FunctionalInterface
    public interface Bound {
        /** The most bytes that it may hold now; asked for at each new link. */
        long most();
    }

    private Bound chain; // null: one stretch of memory
    private ArrayDeque<NativeBuffer> links; // before this stretch, the first one first; null for none
    private long linked; // bytes in them
    private long linkedMemory;
    private boolean overflowed;

    private Arena arena;
    private long base;
    private long capacity;
    private long start;
    private long end;

    /** A buffer of {@code capacity} bytes to begin with. */
    public NativeBuffer(int capacity) {
        allocate(capacity);
    }

    private NativeBuffer(NativeBuffer from) {
        this.arena = from.arena;
        this.base = from.base;
        this.capacity = from.capacity;
        this.start = from.start;
        this.end = from.end;
    }

    /** From now on it is a chain, of not more than {@code bound} says. */
    public void chain(Bound bound) {
        chain = bound;
    }

    /** It is one stretch again; its content is gone. */
    public void unchain() {
        chain = null;
        overflowed = false;
        dropLinks();
        clear();
    }

    private void dropLinks() {
        while (links != null) {
            takeLink().close();
        }
    }

    /** Whether more was put than it may hold, or than there is memory for: its content is gone, and what follows too. */
    public boolean overflowed() {
        return overflowed;
    }

    /** Number of links before the last stretch. */
    public int links() {
        return links == null ? 0 : links.size();
    }

    /** Takes the first link out, which is the caller's to close; there must be one. */
    public NativeBuffer takeLink() {
        NativeBuffer first = links.pollFirst();
        linked -= first.readable();
        linkedMemory -= first.capacity;
        if (links.isEmpty()) {
            links = null;
        }
        return first;
    }

    /** Takes the first {@code most} bytes of the first link out, or all if it has no more; the caller's to close. */
    public NativeBuffer takeLink(long most) {
        NativeBuffer first = links.peekFirst();
        if (first.readable() <= most) {
            return takeLink();
        }
        int count = (int) most;
        NativeBuffer front = new NativeBuffer(count);
        front.put(first.address(), count);
        first.consume(count);
        linked -= count;
        return front;
    }

    /** Bytes that were written and not yet consumed or taken, in all links. */
    public long total() {
        return linked + end - start;
    }

    /** Memory of all links and of the last stretch, in bytes. */
    public long held() {
        return linkedMemory + capacity;
    }

    /** Cuts what was written behind the first {@code total} bytes that are not consumed, a chain's links included. */
    public void rewind(long total) {
        if (overflowed) {
            clear();
            return;
        }
        while (links != null && total < linked) {
            NativeBuffer last = links.pollLast();
            linked -= last.readable();
            linkedMemory -= last.capacity;
            arena.close();
            adopt(last);
            links = links.isEmpty() ? null : links;
        }
        end = start + (total - linked);
    }

    private void adopt(NativeBuffer other) {
        arena = other.arena;
        base = other.base;
        capacity = other.capacity;
        start = other.start;
        end = other.end;
    }

    /** Not by {@link Memory#map}: its first call costs tens of milliseconds, which the start has not got. */
    @SuppressWarnings("MustBeClosedChecker") // close() does
    private void allocate(long size) {
        long rounded = (size + PAGE - 1) & -PAGE;
        Arena fresh = Arena.ofShared();
        try {
            base = fresh.allocate(rounded, Long.BYTES).address();
        } catch (OutOfMemoryError e) {
            fresh.close();
            throw e;
        }
        arena = fresh;
        capacity = rounded;
    }

    /** Address of the first unread byte. */
    public long address() {
        return base + start;
    }

    /** Bytes that were written and not yet consumed. */
    public int readable() {
        return (int) (end - start);
    }

    /** Bytes that can be written before the buffer has to grow or move. */
    public int writable() {
        return (int) (capacity - end);
    }

    /** Size of the memory held, in bytes. */
    public long capacity() {
        return capacity;
    }

    /** The byte {@code offset} after {@link #address()}. */
    public byte get(int offset) {
        return Memory.getByte(base + start + offset);
    }

    /** Drops the first {@code n} unread bytes. */
    public void consume(int n) {
        start += n;
        if (start == end) {
            start = 0;
            end = 0;
        }
    }

    /** Empties the buffer; the memory stays. */
    public void clear() {
        start = 0;
        end = 0;
    }

    /**
     * Makes sure that {@code n} bytes can be written behind the last one; in a chain not more than {@link #LINK} unless by
     * one of the puts, as it may have overflowed.
     */
    public void ensure(int n) {
        if (n > capacity - end) {
            makeRoom(n);
        }
    }

    /** Says whether there is room now; if not, an overflowed buffer is not to get what would be put there. */
    private boolean makeRoom(int n) {
        long used = end - start;
        if (overflowed) {
            forgetAndEnsure(n);
            return n <= capacity;
        }
        if (chain != null && used + n > LINK) {
            link(n);
            return n <= capacity;
        }
        if (used + n <= capacity && used <= capacity / 2) {
            Memory.copy(base + start, base, used);
        } else {
            long want = Math.max(used + n, Math.min(capacity * 2, capacity + (64L << 20)));
            if (want > MAX) {
                throw new OutOfMemoryError("a connection's buffer of " + want + " bytes");
            }
            long old = base;
            Arena oldArena = arena;
            allocate(want);
            Memory.copy(old + start, base, used);
            oldArena.close();
        }
        start = 0;
        end = used;
        return true;
    }

    /** Puts this stretch aside and goes on in another one. */
    private void link(int n) {
        if (total() + n > chain.most()) {
            overflow(n);
            return;
        }
        NativeBuffer full = new NativeBuffer(this);
        try {
            allocate(Math.max(LINK, n));
        } catch (OutOfMemoryError e) { // of the system's memory, not of the heap: it has none for so much
            adopt(full);
            overflow(n);
            return;
        }
        start = 0;
        end = 0;
        if (full.readable() == 0) {
            full.close();
            return;
        }
        if (links == null) {
            links = new ArrayDeque<>();
        }
        links.addLast(full);
        linked += full.readable();
        linkedMemory += full.capacity;
    }

    /** Nobody will get what is here: the memory goes back at once, and what is still put overwrites itself. */
    private void overflow(int n) {
        overflowed = true;
        dropLinks();
        forgetAndEnsure(n);
    }

    private void forgetAndEnsure(int n) {
        clear();
        if (n > capacity && n <= LINK) {
            Arena old = arena;
            allocate(n);
            old.close();
        }
    }

    /** Appends one byte. */
    public void put(int b) {
        ensure(1);
        Memory.putByte(base + end++, b);
    }

    /** Appends {@code length} bytes of native memory. */
    public void put(long address, int length) {
        if (length > capacity - end && !makeRoom(length)) {
            return;
        }
        Memory.copy(address, base + end, length);
        end += length;
    }

    /** Appends {@code bytes}. */
    public void put(byte[] bytes) {
        if (bytes.length > capacity - end && !makeRoom(bytes.length)) {
            return;
        }
        Memory.copy(bytes, 0, base + end, bytes.length);
        end += bytes.length;
    }

    /** Appends {@code text} as {@link ByteText}. */
    public void put(String text) {
        int n = text.length();
        if (n > capacity - end && !makeRoom(n)) {
            return;
        }
        long at = base + end;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c > 0x7f) {
                put(ByteText.bytes(text));
                return;
            }
            Memory.putByte(at + i, c);
        }
        end += n;
    }

    /** Appends {@code text}, a byte a character (ISO-8859-1); characters beyond become question marks. */
    public void putLatin(String text) {
        put(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Appends {@code value} as decimal digits. */
    public void putDecimal(long value) {
        ensure(20);
        end += Decimal.render(value, base + end);
    }

    /** Appends 8 bytes, lowest first, of which only the first {@code length} count. */
    public void putPacked(long bytes, int length) {
        ensure(8);
        Memory.putLong(base + end, bytes);
        end += length;
    }

    /** The whole memory, from the first byte held to the last that could be; void once the buffer has grown. */
    public ByteBuffer whole() {
        return Memory.segment(base, capacity).asByteBuffer();
    }

    /** Address of the whole memory; another one after the buffer has grown. */
    public long base() {
        return base;
    }

    /** Counts {@code n} bytes that were put into the free space from outside. */
    public void wrote(int n) {
        end += n;
    }

    @Override
    public void close() {
        dropLinks();
        arena.close();
    }
}
