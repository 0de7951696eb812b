package dev.redisreplication.node.memory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The allocator of one database: blocks of exact size classes out of 2 MiB arenas that ask for huge pages.
 *
 * <p>An arena has 32 chunks of 64 KiB. A chunk serves one size class (up to 32 KiB) or, with its neighbours, one block of up
 * to 256 KiB; larger blocks are mapped by themselves. The first 4 KiB of an arena describe its chunks, so a block needs no
 * header: who frees it says how large it was. Free chunks serve any class again, and an arena whose chunks are all free is
 * unmapped (one is kept). Each call touches at most one new arena, which bounds its time.
 *
 * <p>One thread at a time. {@link #close} may be called by another one afterwards.
 */
public final class Slabs implements AutoCloseable {
    private static final long ARENA = 2 << 20;
    private static final int CHUNK_SHIFT = 16;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final int CHUNKS = (int) (ARENA / CHUNK);
    private static final int RESERVED = 4096;
    private static final int MAX_SMALL = 32 << 10;
    private static final long MAX_RUN = 256 << 10;
    private static final int RUN_SEARCH = 16;

    // Description of a chunk: 64 bytes at arena + 64 * chunk.
    private static final int CLASS = 0;
    private static final int USED = 4;
    private static final int FREE = 8; // offset in the arena of the first freed block, 0 = none
    private static final int BUMP = 12; // offset of the first block never used
    private static final int END = 16;
    private static final int NEXT = 24;
    private static final int PREVIOUS = 32;

    // Description of the arena itself.
    private static final int BITMAP = 2048; // bit set = chunk free
    private static final int INDEX = 2052;
    private static final int ARENA_NEXT = 2056;
    private static final int ARENA_PREVIOUS = 2064;

    private final long[] partial = new long[SizeClasses.COUNT];
    private final Map<Long, Long> direct = new HashMap<>();
    private long[] arenas = new long[8];
    private int arenaCount;
    private int emptyArenas;
    private long arenasWithRoom;
    private long used;
    private long directBytes;
    private Usage total;

    /** One that is counted by itself. */
    public Slabs() {
        this(new Usage());
    }

    /**
     * One that is counted together with others.
     *
     * @param total what they all use
     */
    public Slabs(Usage total) {
        this.total = total;
    }

    /** From now on it is counted by itself. On the thread that owns the sum. */
    public void uncount() {
        total.add(-used);
        total = new Usage();
        total.add(used);
    }

    /** Bytes handed out and not freed, in full size classes. */
    public long used() {
        return used;
    }

    /** Bytes mapped from the operating system. */
    public long reserved() {
        return arenaCount * ARENA + directBytes;
    }

    /** How many bytes a block asked for with this size really has. */
    public static long usable(long size) {
        if (size <= MAX_SMALL) {
            return SizeClasses.size(SizeClasses.of((int) size));
        }
        return size <= MAX_RUN ? (size + CHUNK - 1) & -CHUNK : (size + 4095) & -4096;
    }

    /** A block of at least this size, not zeroed, aligned to 4 bytes (to 64 when the size class is a multiple of 64). */
    public long allocate(long size) {
        if (size > MAX_SMALL) {
            return allocateLarge(size);
        }
        int sizeClass = SizeClasses.of((int) size);
        int bytes = SizeClasses.size(sizeClass);
        long chunk = partial[sizeClass];
        if (chunk == 0) {
            chunk = newChunk(sizeClass, bytes);
        }
        long arena = chunk & -ARENA;
        int free = Memory.getInt(chunk + FREE);
        int bump = Memory.getInt(chunk + BUMP);
        long block;
        if (free != 0) {
            block = arena + free;
            free = Memory.getInt(block);
            Memory.putInt(chunk + FREE, free);
        } else {
            block = arena + bump;
            bump += bytes;
            Memory.putInt(chunk + BUMP, bump);
        }
        Memory.putInt(chunk + USED, Memory.getInt(chunk + USED) + 1);
        if (free == 0 && bump + bytes > Memory.getInt(chunk + END)) {
            unlink(sizeClass, chunk);
        }
        used += bytes;
        total.add(bytes);
        return block;
    }

    /** Gives a block back; {@code size} is what was asked for, or its {@link #usable} size. */
    public void free(long block, long size) {
        if (size > MAX_SMALL) {
            freeLarge(block, size);
            return;
        }
        int sizeClass = SizeClasses.of((int) size);
        int bytes = SizeClasses.size(sizeClass);
        long arena = block & -ARENA;
        long chunk = arena + ((block - arena) >>> CHUNK_SHIFT << 6);
        int free = Memory.getInt(chunk + FREE);
        boolean wasFull = free == 0 && Memory.getInt(chunk + BUMP) + bytes > Memory.getInt(chunk + END);
        Memory.putInt(block, free);
        Memory.putInt(chunk + FREE, (int) (block - arena));
        int left = Memory.getInt(chunk + USED) - 1;
        Memory.putInt(chunk + USED, left);
        used -= bytes;
        total.add(-bytes);
        if (wasFull) {
            link(sizeClass, chunk);
        }
        if (left == 0 && (partial[sizeClass] != chunk || Memory.getLong(chunk + NEXT) != 0)) {
            unlink(sizeClass, chunk);
            releaseChunks(arena, (int) ((chunk - arena) >>> 6), 1);
        }
    }

    /** Unmaps the arena that is kept although nothing is in it. */
    public void purge() {
        for (int i = arenaCount - 1; i >= 0 && emptyArenas > 0; i--) {
            if (Memory.getInt(arenas[i] + BITMAP) == -1) {
                dropArena(arenas[i]);
                emptyArenas--;
            }
        }
    }

    /** Unmaps everything; all addresses become invalid. */
    @Override
    public void close() {
        for (int i = 0; i < arenaCount; i++) {
            Pages.unmap(arenas[i], ARENA);
        }
        direct.forEach(Pages::unmap);
        direct.clear();
        arenaCount = 0;
        emptyArenas = 0;
        arenasWithRoom = 0;
        total.add(-used);
        used = 0;
        directBytes = 0;
        Arrays.fill(partial, 0);
    }

    private void link(int sizeClass, long chunk) {
        long head = partial[sizeClass];
        Memory.putLong(chunk + NEXT, head);
        Memory.putLong(chunk + PREVIOUS, 0);
        if (head != 0) {
            Memory.putLong(head + PREVIOUS, chunk);
        }
        partial[sizeClass] = chunk;
    }

    private void unlink(int sizeClass, long chunk) {
        long next = Memory.getLong(chunk + NEXT);
        long previous = Memory.getLong(chunk + PREVIOUS);
        if (previous == 0) {
            partial[sizeClass] = next;
        } else {
            Memory.putLong(previous + NEXT, next);
        }
        if (next != 0) {
            Memory.putLong(next + PREVIOUS, previous);
        }
    }

    private long newChunk(int sizeClass, int bytes) {
        long arena = arenasWithRoom != 0 ? arenasWithRoom : newArena();
        int index = Integer.numberOfTrailingZeros(Memory.getInt(arena + BITMAP));
        takeChunks(arena, index, 1);
        long chunk = arena + ((long) index << 6);
        Memory.putInt(chunk + CLASS, sizeClass);
        Memory.putInt(chunk + USED, 0);
        Memory.putInt(chunk + FREE, 0);
        Memory.putInt(chunk + BUMP, index == 0 ? firstOffset(bytes) : index << CHUNK_SHIFT);
        Memory.putInt(chunk + END, (index + 1) << CHUNK_SHIFT);
        link(sizeClass, chunk);
        return chunk;
    }

    // The first chunk begins with the description of the arena.
    private static int firstOffset(int bytes) {
        return RESERVED + bytes > CHUNK ? CHUNK : RESERVED;
    }

    private long newArena() {
        long arena = Pages.mapAligned(ARENA);
        if (arenaCount == arenas.length) {
            arenas = Arrays.copyOf(arenas, 2 * arenaCount);
        }
        arenas[arenaCount] = arena;
        Memory.putInt(arena + BITMAP, -1);
        Memory.putInt(arena + INDEX, arenaCount++);
        emptyArenas++;
        linkArena(arena);
        return arena;
    }

    private void linkArena(long arena) {
        Memory.putLong(arena + ARENA_NEXT, arenasWithRoom);
        Memory.putLong(arena + ARENA_PREVIOUS, 0);
        if (arenasWithRoom != 0) {
            Memory.putLong(arenasWithRoom + ARENA_PREVIOUS, arena);
        }
        arenasWithRoom = arena;
    }

    private void unlinkArena(long arena) {
        long next = Memory.getLong(arena + ARENA_NEXT);
        long previous = Memory.getLong(arena + ARENA_PREVIOUS);
        if (previous == 0) {
            arenasWithRoom = next;
        } else {
            Memory.putLong(previous + ARENA_NEXT, next);
        }
        if (next != 0) {
            Memory.putLong(next + ARENA_PREVIOUS, previous);
        }
    }

    private void takeChunks(long arena, int first, int count) {
        int bitmap = Memory.getInt(arena + BITMAP);
        if (bitmap == -1) {
            emptyArenas--;
        }
        int rest = bitmap & ~mask(first, count);
        Memory.putInt(arena + BITMAP, rest);
        if (rest == 0) {
            unlinkArena(arena);
        }
    }

    private void releaseChunks(long arena, int first, int count) {
        int bitmap = Memory.getInt(arena + BITMAP);
        int now = bitmap | mask(first, count);
        Memory.putInt(arena + BITMAP, now);
        if (bitmap == 0) {
            linkArena(arena);
        }
        if (now == -1) {
            if (emptyArenas > 0) {
                dropArena(arena);
            } else {
                emptyArenas++;
            }
        }
    }

    private void dropArena(long arena) {
        unlinkArena(arena);
        int index = Memory.getInt(arena + INDEX);
        long last = arenas[--arenaCount];
        arenas[index] = last;
        Memory.putInt(last + INDEX, index);
        Pages.unmap(arena, ARENA);
    }

    private static int mask(int first, int count) {
        return (1 << count) - 1 << first;
    }

    private long allocateLarge(long size) {
        long bytes = usable(size);
        used += bytes;
        total.add(bytes);
        if (size > MAX_RUN) {
            long block = Pages.map(bytes);
            direct.put(block, bytes);
            directBytes += bytes;
            return block;
        }
        int count = (int) (bytes >>> CHUNK_SHIFT);
        long arena = arenasWithRoom;
        for (int i = 0; i < RUN_SEARCH && arena != 0; i++, arena = Memory.getLong(arena + ARENA_NEXT)) {
            int first = run(Memory.getInt(arena + BITMAP), count);
            if (first < CHUNKS) {
                takeChunks(arena, first, count);
                return arena + ((long) first << CHUNK_SHIFT);
            }
        }
        arena = newArena();
        takeChunks(arena, 1, count);
        return arena + CHUNK;
    }

    // Where a run of free chunks begins, not counting the first chunk, whose start is taken.
    private static int run(int bitmap, int count) {
        int starts = bitmap & ~1;
        for (int i = 1; i < count; i++) {
            starts &= bitmap >>> i;
        }
        return Integer.numberOfTrailingZeros(starts);
    }

    private void freeLarge(long block, long size) {
        long bytes = usable(size);
        used -= bytes;
        total.add(-bytes);
        if (size > MAX_RUN) {
            direct.remove(block);
            directBytes -= bytes;
            Pages.unmap(block, bytes);
            return;
        }
        long arena = block & -ARENA;
        releaseChunks(arena, (int) ((block - arena) >>> CHUNK_SHIFT), (int) (bytes >>> CHUNK_SHIFT));
    }
}
