package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.resp.NativeBuffer;

/** What libraries that write tables have in common. */
final class Packing {
    private static final int KEPT = 1 << 20; // bytes of a large result that stay allocated for the next one
    private static final long MOST = Math.min(512L << 20, Interpreter.memoryLimit() / 2); // bytes of a result

    private Packing() {}

    /**
     * Before {@code more} bytes are put behind what is written. They are outside of the interpreter's own limit.
     *
     * @throws LuaError if that is more than a script may have
     */
    static void requireRoom(NativeBuffer out, long more) {
        if (out.readable() + more > MOST) {
            throw new LuaError("not enough memory");
        }
    }

    /** What to write to the next time: {@code out}, or another one if that is large. */
    static NativeBuffer next(NativeBuffer out) {
        if (out.capacity() <= KEPT) {
            return out;
        }
        out.close();
        return new NativeBuffer(256);
    }

    /** The whole positive number that the value at {@code index} is, or 0. */
    static long positiveWhole(long L, int index) {
        if (Lua.type(L, index) != Lua.NUMBER) {
            return 0;
        }
        double number = Lua.tonumber(L, index);
        return number >= 1 && number == Math.floor(number) && number < 0x1p53 ? (long) number : 0;
    }
}
