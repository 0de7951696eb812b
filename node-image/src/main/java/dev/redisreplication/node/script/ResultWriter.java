package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.lua.LuaState;
import dev.redisreplication.node.resp.ReplyWriter;

/** Writes what a script has returned as a reply, as Redis' documentation describes it. */
final class ResultWriter {
    private static final LuaName BIG_NUMBER = new LuaName("big_number");
    private static final LuaName DOUBLE = new LuaName("double");
    private static final LuaName ERR = new LuaName("err");
    private static final LuaName FORMAT = new LuaName("format");
    private static final LuaName MAP = new LuaName("map");
    private static final LuaName OK = new LuaName("ok");
    private static final LuaName SET = new LuaName("set");
    private static final LuaName STRING = new LuaName("string");
    private static final LuaName VERBATIM_STRING = new LuaName("verbatim_string");
    private static final int SLOTS = 6; // of the stack, that one level takes at most
    private static final int LETTERS = 3; // of a format
    private static final int DEEPEST = 7000;

    private final ReplyWriter reply;
    private final boolean booleans;
    private final long L;

    /**
     * @param booleans whether booleans are told as such, which a script asks for by {@code redis.setresp(3)}
     */
    ResultWriter(long L, ReplyWriter reply, boolean booleans) {
        this.L = L;
        this.reply = reply;
        this.booleans = booleans;
    }

    /** Writes the value on top, which is popped. */
    void write() {
        write(0);
    }

    private void write(int depth) {
        switch (Lua.type(L, -1)) {
            case Lua.STRING -> {
                long at = Lua.tolstring(L, -1, 0);
                reply.bulk(at, (int) Lua.objlen(L, -1));
            }
            case Lua.BOOLEAN -> truth(Lua.toboolean(L, -1) != 0);
            case Lua.NUMBER -> reply.integer(Arguments.whole(Lua.tonumber(L, -1)));
            case Lua.TABLE -> table(depth);
            default -> reply.nil();
        }
        Lua.pop(L, 1);
    }

    private void truth(boolean value) {
        if (booleans) {
            reply.bool(value);
        } else if (value) {
            reply.integer(1);
        } else {
            reply.nil();
        }
    }

    private void table(int depth) {
        if (depth > DEEPEST || Lua.checkstack(L, SLOTS) == 0) {
            reply.error("ERR reached lua stack limit");
            return;
        }
        if (field(ERR, Lua.STRING)) {
            reply.error(Lua.tolstring(L, -1, 0), (int) Lua.objlen(L, -1), "");
        } else if (field(OK, Lua.STRING)) {
            reply.simple(Lua.tolstring(L, -1, 0), (int) Lua.objlen(L, -1));
        } else if (field(DOUBLE, Lua.NUMBER)) {
            reply.doubleValue(Lua.tonumber(L, -1));
        } else if (field(MAP, Lua.TABLE)) {
            map(depth);
        } else if (field(SET, Lua.TABLE)) {
            set(depth);
        } else if (field(BIG_NUMBER, Lua.STRING)) {
            reply.bigNumber(Lua.tolstring(L, -1, 0), (int) Lua.objlen(L, -1));
        } else if (!field(VERBATIM_STRING, Lua.TABLE)) {
            array(depth);
            return;
        } else if (!verbatim()) {
            Lua.pop(L, 1);
            array(depth);
            return;
        }
        Lua.pop(L, 1);
    }

    /** Pushes the field if it is of that type. */
    private boolean field(LuaName name, int type) {
        name.push(L);
        Lua.rawget(L, -2);
        int found = Lua.type(L, -1);
        if (found == type) {
            return true;
        }
        Lua.pop(L, 1);
        return false;
    }

    private void array(int depth) {
        int count = 0;
        boolean more = true;
        while (more) {
            Lua.rawgeti(L, -1, count + 1);
            more = Lua.type(L, -1) != Lua.NIL;
            count += more ? 1 : 0;
            Lua.pop(L, 1);
        }
        reply.array(count);
        for (int i = 1; i <= count; i++) {
            Lua.rawgeti(L, -1, i);
            write(depth + 1);
        }
    }

    private int count() {
        int count = 0;
        Lua.pushnil(L);
        while (Lua.next(L, -2) != 0) {
            count++;
            Lua.pop(L, 1);
        }
        return count;
    }

    private void map(int depth) {
        reply.map(count());
        Lua.pushnil(L);
        while (Lua.next(L, -2) != 0) {
            Lua.pushvalue(L, -2);
            write(depth + 1);
            write(depth + 1);
        }
    }

    private void set(int depth) {
        reply.set(count());
        Lua.pushnil(L);
        while (Lua.next(L, -2) != 0) {
            Lua.pop(L, 1);
            Lua.pushvalue(L, -1);
            write(depth + 1);
        }
    }

    private boolean verbatim() {
        if (!field(FORMAT, Lua.STRING)) {
            return false;
        }
        String format = LuaState.text(L, -1, LETTERS);
        Lua.pop(L, 1);
        if (!field(STRING, Lua.STRING)) {
            return false;
        }
        reply.verbatim((format + "   ").substring(0, LETTERS), Lua.tolstring(L, -1, 0), (int) Lua.objlen(L, -1));
        Lua.pop(L, 1);
        return true;
    }
}
