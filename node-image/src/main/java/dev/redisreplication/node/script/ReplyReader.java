package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Makes Lua's values of a reply, as Redis' documentation describes it: RESP2's nil is false, that of RESP3 nil; what Lua has
 * no type for is a table with a field that says what it is.
 */
final class ReplyReader {
    private static final LuaName BIG_NUMBER = new LuaName("big_number");
    private static final LuaName DOUBLE = new LuaName("double");
    private static final LuaName ERR = new LuaName("err");
    private static final LuaName FORMAT = new LuaName("format");
    private static final LuaName IGNORE_ERROR_STATS_UPDATE = new LuaName("ignore_error_stats_update");
    private static final LuaName MAP = new LuaName("map");
    private static final LuaName OK = new LuaName("ok");
    private static final LuaName SET = new LuaName("set");
    private static final LuaName STRING = new LuaName("string");
    private static final LuaName VERBATIM_STRING = new LuaName("verbatim_string");
    private static final int SLOTS = 8; // of the stack, that one level takes at most

    private long at;

    /** Pushes the value that begins at {@code address}; an error as a table with its text. */
    void push(long L, long address) {
        at = address;
        push(L);
    }

    private void push(long L) {
        if (Lua.checkstack(L, SLOTS) == 0) {
            throw new LuaError("reply is nested too deeply");
        }
        byte type = Memory.getByte(at);
        long line = at + 1;
        long end = line;
        while (Memory.getByte(end) != '\r') {
            end++;
        }
        int length = (int) (end - line);
        at = end + 2;
        switch (type) {
            case '+' -> tagged(L, OK, line, length);
            case '-' -> {
                tagged(L, ERR, line, length);
                IGNORE_ERROR_STATS_UPDATE.push(L); // the command that failed has been counted
                Lua.pushboolean(L, 1);
                Lua.rawset(L, -3);
            }
            case ':' -> Lua.pushnumber(L, (double) Decimal.parse(line, length));
            case '$' -> bulk(L, Decimal.parse(line, length));
            case '*' -> array(L, Decimal.parse(line, length));
            case '%' -> map(L, Decimal.parse(line, length));
            case '~' -> set(L, Decimal.parse(line, length));
            case '#' -> Lua.pushboolean(L, Memory.getByte(line) == 't' ? 1 : 0);
            case ',' -> {
                Lua.createtable(L, 0, 1);
                DOUBLE.push(L);
                Lua.pushnumber(L, number(text(line, length)));
                Lua.rawset(L, -3);
            }
            case '(' -> tagged(L, BIG_NUMBER, line, length);
            case '=' -> verbatim(L, Decimal.parse(line, length));
            default -> Lua.pushnil(L);
        }
    }

    private static String text(long address, int length) {
        return new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
    }

    private static double number(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "-nan" -> Double.NaN;
            default -> Double.parseDouble(text);
        };
    }

    private static void tagged(long L, LuaName tag, long address, int length) {
        Lua.createtable(L, 0, 1);
        tag.push(L);
        Lua.pushlstring(L, address, length);
        Lua.rawset(L, -3);
    }

    private void bulk(long L, long length) {
        if (length < 0) {
            Lua.pushboolean(L, 0);
            return;
        }
        Lua.pushlstring(L, at, length);
        at += length + 2;
    }

    private void array(long L, long count) {
        if (count < 0) {
            Lua.pushboolean(L, 0);
            return;
        }
        Lua.createtable(L, (int) count, 0);
        for (int i = 1; i <= count; i++) {
            push(L);
            Lua.rawseti(L, -2, i);
        }
    }

    private void map(long L, long pairs) {
        Lua.createtable(L, 0, 1);
        MAP.push(L);
        Lua.createtable(L, 0, (int) pairs);
        for (long i = 0; i < pairs; i++) {
            push(L);
            push(L);
            Lua.rawset(L, -3);
        }
        Lua.rawset(L, -3);
    }

    private void set(long L, long count) {
        Lua.createtable(L, 0, 1);
        SET.push(L);
        Lua.createtable(L, 0, (int) count);
        for (long i = 0; i < count; i++) {
            push(L);
            Lua.pushboolean(L, 1);
            Lua.rawset(L, -3);
        }
        Lua.rawset(L, -3);
    }

    private void verbatim(long L, long length) {
        Lua.createtable(L, 0, 1);
        VERBATIM_STRING.push(L);
        Lua.createtable(L, 0, 2);
        STRING.push(L);
        Lua.pushlstring(L, at + 4, length - 4);
        Lua.rawset(L, -3);
        FORMAT.push(L);
        Lua.pushlstring(L, at, 3);
        Lua.rawset(L, -3);
        Lua.rawset(L, -3);
        at += length + 2;
    }
}
