package dev.redisreplication.node.command.argument;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Which elements of a collection a random choice takes (SRANDMEMBER, HRANDFIELD, ZRANDMEMBER), by their positions. */
public final class Picks {
    /** More than so many are not drawn beforehand: the heap is small, and who wants many looks at most elements anyway. */
    private static final int MAX_DRAWN = 10_000;

    private static final RandomGenerator RANDOM =
            RandomGeneratorFactory.of("Xoroshiro128PlusPlus").create();

    private final long[] drawn; // ascending; null where each element is decided upon when its turn comes
    private final long count;
    private final long size;
    private long visited;
    private long taken;

    private Picks(long[] drawn, long count, long size) {
        this.drawn = drawn;
        this.count = count;
        this.size = size;
    }

    /** {@code count} different positions below {@code size} (not less), each choice as likely as any other. */
    public static Picks distinct(long count, long size) {
        return new Picks(count <= MAX_DRAWN ? draw((int) count, size) : null, count, size);
    }

    private static long[] draw(int count, long size) {
        long[] positions = new long[count];
        Set<Long> drawn = new HashSet<>();
        int n = 0;
        // Floyd: draw below a rising top; where the number was drawn before, the top itself is new.
        for (long top = size - count; top < size; top++) {
            long draw = RANDOM.nextLong(top + 1);
            long position = drawn.contains(draw) ? top : draw;
            drawn.add(position);
            positions[n++] = position;
        }
        Arrays.sort(positions);
        return positions;
    }

    /** A position below {@code size}. */
    public static long one(long size) {
        return RANDOM.nextLong(size);
    }

    /** To be asked for each element in turn: whether it is chosen. */
    public boolean takesNext() {
        boolean takes;
        if (taken == count) {
            takes = false;
        } else if (drawn != null) {
            takes = drawn[(int) taken] == visited;
        } else {
            takes = RANDOM.nextLong(size - visited) < count - taken; // as many as are wanted of those that are left
        }
        visited++;
        taken += takes ? 1 : 0;
        return takes;
    }

    /** The next chosen position, ascending; to be asked for as often as were wanted. */
    public long next() {
        if (drawn != null) {
            visited = drawn[(int) taken];
        }
        while (!takesNext()) {
            // the next one, then
        }
        return visited - 1;
    }
}
