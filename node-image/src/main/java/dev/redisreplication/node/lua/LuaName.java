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
        address = Arena.global().allocate(Math.max(bytes.length, 1)).address();
        length = bytes.length;
        Memory.copy(bytes, 0, address, length);
    }

    /** Pushes it. */
    public void push(long L) {
        Lua.pushlstring(L, address, length);
    }
}
