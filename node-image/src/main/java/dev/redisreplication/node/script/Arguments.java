package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;

/** Arguments of a library's function, checked as Lua's own libraries do, with their words. */
final class Arguments {
    private static final String[] TYPES = {
        "nil", "boolean", "userdata", "number", "string", "table", "function", "userdata", "thread"
    };

    private Arguments() {}

    /** Name of the type of the value at {@code index}. */
    static String type(long L, int index) {
        int type = Lua.type(L, index);
        return type < 0 ? "no value" : TYPES[type];
    }

    /** Argument {@code n} as a number; a string that says one is one. */
    static double number(long L, int n, String function) {
        double number = Lua.tonumber(L, n);
        if (number == 0 && Lua.type(L, n) != Lua.NUMBER && !isZero(L, n)) {
            throw wrong(L, n, function, "number");
        }
        return number;
    }

    /** A number without its fraction, as C casts it on most machines. */
    static long whole(double number) {
        return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
    }

    private static boolean isZero(long L, int n) {
        return Lua.type(L, n) == Lua.STRING && Lua.isnumber(L, n) != 0;
    }

    /** Checks that argument {@code n} is a string or a number, which becomes a string. */
    static void string(long L, int n, String function) {
        if (Lua.tolstring(L, n, 0) == 0) {
            throw wrong(L, n, function, "string");
        }
    }

    /** The error of an argument of another type. */
    static LuaError wrong(long L, int n, String function, String expected) {
        return bad(n, function, expected + " expected, got " + type(L, n));
    }

    /** The error of an argument. */
    static LuaError bad(int n, String function, String problem) {
        return new LuaError("bad argument #" + n + " to '" + function + "' (" + problem + ")");
    }
}
