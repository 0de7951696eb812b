package dev.redisreplication.node.lua;

import dev.redisreplication.node.memory.Memory;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/** A short text that is often pushed: the name of a field. Its bytes stay outside of the heap, so make constants of it. */
public final class LuaName {
    private final long address;
    private final int length;

    /** A name of ASCII characters. */
    public LuaName(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        address = Arena.global().allocate(bytes.length + 1L).address(); // with a zero at its end
        length = bytes.length;
        Memory.copy(bytes, 0, address, length);
    }

    /** Pushes it. */
    public void push(long L) {
        Lua.pushlstring(L, address, length);
    }

    /** Pops a value and makes it the field of this name of the table at {@code index}, which must not have __newindex. */
    public void set(long L, int index) {
        Lua.setfield(L, index, address);
    }
}
