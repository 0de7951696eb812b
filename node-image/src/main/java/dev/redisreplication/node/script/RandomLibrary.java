package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;

/** {@code math.random} with the numbers that every server gives after its start: those of drand48's generator. */
final class RandomLibrary implements Library {
    private static final String[] FUNCTIONS = {"random", "randomseed"};
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long ADDEND = 0xB;
    private static final long MASK = (1L << 48) - 1;
    private static final int SEEDED = 0x330E;
    private static final double RANGE = Integer.MAX_VALUE;

    private long state = SEEDED;

    @Override
    public String[] functions() {
        return FUNCTIONS;
    }

    private double next() {
        state = state * MULTIPLIER + ADDEND & MASK;
        return (state >>> 17) % Integer.MAX_VALUE / RANGE;
    }

    private static int integer(long L, int n) {
        return (int) Arguments.whole(Arguments.number(L, n, "random"));
    }

    @Override
    public int call(int index, long L) {
        int count = Lua.gettop(L);
        if (index == 1) {
            Arguments.number(L, 1, "randomseed");
            state = ((long) (int) Arguments.whole(Lua.tonumber(L, 1)) << 16 | SEEDED) & MASK;
            return 0;
        }
        double r = next();
        if (count == 0) {
            Lua.pushnumber(L, r);
        } else if (count == 1) {
            int most = integer(L, 1);
            if (most < 1) {
                throw new LuaError("bad argument #1 to 'random' (interval is empty)");
            }
            Lua.pushnumber(L, Math.floor(r * most) + 1);
        } else if (count == 2) {
            int least = integer(L, 1);
            int most = integer(L, 2);
            if (least > most) {
                throw new LuaError("bad argument #2 to 'random' (interval is empty)");
            }
            Lua.pushnumber(L, Math.floor(r * (most - least + 1)) + least);
        } else {
            throw new LuaError("wrong number of arguments");
        }
        return 1;
    }
}
