package dev.redisreplication.node.command.argument;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Which elements of a collection a random choice takes (SRANDMEMBER, HRANDFIELD, ZRANDMEMBER), by their positions. */
public final class Picks {
    private static final RandomGenerator RANDOM =
            RandomGeneratorFactory.of("Xoroshiro128PlusPlus").create();

    private final long[] positions;
    private long visited;
    private int taken;

    private Picks(long[] positions) {
        this.positions = positions;
    }

    /** {@code count} different positions below {@code size} (not less), each choice as likely as any other. */
    public static Picks distinct(long count, long size) {
        long[] positions = new long[(int) count];
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
        return new Picks(positions);
    }

    /** A position below {@code size}. */
    public static long one(long size) {
        return RANDOM.nextLong(size);
    }

    /** To be asked for each element in turn: whether it is chosen. */
    public boolean takesNext() {
        boolean takes = taken < positions.length && positions[taken] == visited;
        visited++;
        taken += takes ? 1 : 0;
        return takes;
    }

    /** All positions, ascending. */
    public long[] positions() {
        return positions;
    }
}
