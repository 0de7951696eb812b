package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaState;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;

/** The table {@code cmsgpack}: values as MessagePack. */
final class MessagePackLibrary implements Library {
    private static final String[] FUNCTIONS = {"pack", "unpack", "unpack_one", "unpack_limit"};
    private static final int DEEPEST = 16; // what lies deeper is written as nil
    private static final LuaError MISSING = new LuaError("Missing bytes in input.");
    private static final LuaError BAD = new LuaError("Bad data format in input.");
    private static final LuaError TOO_MANY = new LuaError(
            "stack overflow (too many return values at once; use unpack_one or" + " unpack_limit instead.)");

    private NativeBuffer out = new NativeBuffer(256);
    private long at;
    private long end;

    @Override
    public String[] functions() {
        return FUNCTIONS;
    }

    @Override
    public void constants(long L) {
        text(L, "_NAME", "cmsgpack");
        text(L, "_VERSION", "lua-cmsgpack 0.4.0");
        text(L, "_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo");
        text(L, "_DESCRIPTION", "MessagePack C implementation for Lua");
    }

    private static void text(long L, String name, String value) {
        LuaState.push(L, name);
        LuaState.push(L, value);
        Lua.rawset(L, -3);
    }

    @Override
    public int call(int index, long L) {
        return switch (index) {
            case 0 -> pack(L);
            case 1 -> unpack(L, "unpack", 0, 0);
            case 2 -> unpack(L, "unpack_one", 1, option(L, 2, "unpack_one"));
            default -> {
                Arguments.string(L, 1, "unpack_limit");
                yield unpack(
                        L, "unpack_limit", (int) Arguments.number(L, 2, "unpack_limit"), option(L, 3, "unpack_limit"));
            }
        };
    }

    private static int option(long L, int n, String function) {
        return Lua.type(L, n) <= Lua.NIL ? 0 : (int) Arguments.number(L, n, function);
    }

    private int pack(long L) {
        int count = Lua.gettop(L);
        if (count == 0) {
            throw Arguments.bad(0, "pack", "MessagePack pack needs input.");
        }
        out.clear();
        try {
            for (int i = 1; i <= count; i++) {
                Lua.pushvalue(L, i);
                value(L, 0);
            }
            Lua.pushlstring(L, out.address(), out.readable());
        } finally {
            out = Packing.next(out);
        }
        return 1;
    }

    /** Writes the value on top and pops it. */
    private void value(long L, int depth) {
        switch (Lua.type(L, -1)) {
            case Lua.BOOLEAN -> out.put(Lua.toboolean(L, -1) != 0 ? 0xc3 : 0xc2);
            case Lua.NUMBER -> number(Lua.tonumber(L, -1));
            case Lua.STRING -> string(L);
            case Lua.TABLE -> {
                if (depth == DEEPEST) {
                    out.put(0xc0);
                } else {
                    table(L, depth);
                }
            }
            default -> out.put(0xc0);
        }
        Lua.pop(L, 1);
    }

    private void number(double n) {
        if (n == Math.rint(n) && n >= -0x1p63 && n < 0x1p63) {
            integer((long) n);
        } else if (n == (float) n) {
            head(0xca, 4, Float.floatToRawIntBits((float) n));
        } else {
            head(0xcb, 8, Double.doubleToRawLongBits(n));
        }
    }

    private void integer(long n) {
        if (n >= 0) {
            if (n <= 0x7f) {
                out.put((int) n);
            } else if (n <= 0xff) {
                head(0xcc, 1, n);
            } else if (n <= 0xffff) {
                head(0xcd, 2, n);
            } else {
                head(n <= 0xffff_ffffL ? 0xce : 0xcf, n <= 0xffff_ffffL ? 4 : 8, n);
            }
        } else if (n >= -32) {
            out.put((int) n & 0xff);
        } else if (n >= Byte.MIN_VALUE) {
            head(0xd0, 1, n);
        } else if (n >= Short.MIN_VALUE) {
            head(0xd1, 2, n);
        } else {
            head(n >= Integer.MIN_VALUE ? 0xd2 : 0xd3, n >= Integer.MIN_VALUE ? 4 : 8, n);
        }
    }

    private void head(int type, int bytes, long value) {
        out.put(type);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.put((int) (value >>> shift) & 0xff);
        }
    }

    private void string(long L) {
        long address = Lua.tolstring(L, -1, 0);
        int length = (int) Lua.objlen(L, -1);
        Packing.requireRoom(out, length);
        if (length < 32) {
            out.put(0xa0 | length);
        } else if (length <= 0xff) {
            head(0xd9, 1, length);
        } else {
            head(length <= 0xffff ? 0xda : 0xdb, length <= 0xffff ? 2 : 4, length);
        }
        out.put(address, length);
    }

    private void table(long L, int depth) {
        if (Lua.checkstack(L, 4) == 0) {
            throw TOO_MANY;
        }
        int count = 0;
        long most = 0;
        boolean array = true;
        Lua.pushnil(L);
        while (Lua.next(L, -2) != 0) {
            Lua.pop(L, 1);
            long key = Packing.positiveWhole(L, -1);
            array &= key > 0;
            most = Math.max(most, key);
            count++;
        }
        if (array && most == count) {
            container(0x90, 0xdc, count);
            for (int i = 1; i <= count; i++) {
                Lua.rawgeti(L, -1, i);
                value(L, depth + 1);
            }
            return;
        }
        container(0x80, 0xde, count);
        Lua.pushnil(L);
        while (Lua.next(L, -2) != 0) {
            Lua.pushvalue(L, -2);
            value(L, depth + 1);
            value(L, depth + 1);
        }
    }

    private void container(int small, int large, int count) {
        if (count < 16) {
            out.put(small | count);
        } else {
            head(count <= 0xffff ? large : large + 1, count <= 0xffff ? 2 : 4, count);
        }
    }

    private int unpack(long L, String function, int limit, int offset) {
        Arguments.string(L, 1, function);
        long from = Lua.tolstring(L, 1, 0);
        long length = Lua.objlen(L, 1);
        if (offset < 0 || limit < 0) {
            throw new LuaError("Invalid request to unpack with offset of " + offset + " and limit of " + length + ".");
        }
        if (offset > length) {
            throw new LuaError("Start offset " + offset + " greater than input length " + length + ".");
        }
        boolean all = limit == 0 && offset == 0;
        Lua.settop(L, 1);
        at = from + offset;
        end = from + length;
        int count = 0;
        while (at < end && (all || count < limit)) {
            read(L);
            count++;
        }
        if (!all) {
            Lua.pushnumber(L, at == end ? -1 : (double) (at - from));
            Lua.insert(L, 2);
            count++;
        }
        return count;
    }

    private long take(int bytes) {
        if (end - at < bytes) {
            throw MISSING;
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | Memory.getUnsignedByte(at++);
        }
        return value;
    }

    private void read(long L) {
        if (Lua.checkstack(L, 4) == 0) {
            throw TOO_MANY;
        }
        int type = (int) take(1);
        if (type <= 0x7f) {
            Lua.pushnumber(L, type);
        } else if (type <= 0x8f) {
            map(L, type & 0xf);
        } else if (type <= 0x9f) {
            array(L, type & 0xf);
        } else if (type <= 0xbf) {
            bytes(L, type & 0x1f);
        } else if (type >= 0xe0) {
            Lua.pushnumber(L, (byte) type);
        } else {
            readLong(L, type);
        }
    }

    private void readLong(long L, int type) {
        switch (type) {
            case 0xc0 -> Lua.pushnil(L);
            case 0xc2 -> Lua.pushboolean(L, 0);
            case 0xc3 -> Lua.pushboolean(L, 1);
            case 0xd9 -> bytes(L, take(1));
            case 0xda -> bytes(L, take(2));
            case 0xdb -> bytes(L, take(4));
            case 0xca -> Lua.pushnumber(L, Float.intBitsToFloat((int) take(4)));
            case 0xcb -> Lua.pushnumber(L, Double.longBitsToDouble(take(8)));
            case 0xcc -> Lua.pushnumber(L, (double) take(1));
            case 0xcd -> Lua.pushnumber(L, (double) take(2));
            case 0xce -> Lua.pushnumber(L, (double) take(4));
            case 0xd0 -> Lua.pushnumber(L, (byte) take(1));
            case 0xd1 -> Lua.pushnumber(L, (short) take(2));
            case 0xd2 -> Lua.pushnumber(L, (int) take(4));
            case 0xcf, 0xd3 -> Lua.pushnumber(L, (double) take(8));
            case 0xdc -> array(L, take(2));
            case 0xdd -> array(L, take(4));
            case 0xde -> map(L, take(2));
            case 0xdf -> map(L, take(4));
            default -> throw BAD;
        }
    }

    private void bytes(long L, long length) {
        if (end - at < length) {
            throw MISSING;
        }
        Lua.pushlstring(L, at, length);
        at += length;
    }

    private void array(long L, long count) {
        Lua.createtable(L, 0, 0);
        for (int i = 1; i <= count; i++) {
            read(L);
            Lua.rawseti(L, -2, i);
        }
    }

    private void map(long L, long count) {
        Lua.createtable(L, 0, 0);
        for (long i = 0; i < count; i++) {
            read(L);
            read(L);
            if (Lua.type(L, -2) == Lua.NIL || isNan(L)) {
                throw BAD; // no key of a table
            }
            Lua.rawset(L, -3);
        }
    }

    private static boolean isNan(long L) {
        return Lua.type(L, -2) == Lua.NUMBER && Double.isNaN(Lua.tonumber(L, -2));
    }
}
