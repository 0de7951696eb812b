package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;

/** What libraries that write tables have in common. */
final class Packing {
    /** Bytes of a large result that stay allocated for the next one. */
    static final int KEPT = 1 << 20;

    private Packing() {}

    /** The whole positive number that the value at {@code index} is, or 0. */
    static long positiveWhole(long L, int index) {
        if (Lua.type(L, index) != Lua.NUMBER) {
            return 0;
        }
        double number = Lua.tonumber(L, index);
        return number >= 1 && number == Math.floor(number) && number < 0x1p53 ? (long) number : 0;
    }
}
