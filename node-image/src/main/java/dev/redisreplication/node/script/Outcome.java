package dev.redisreplication.node.script;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.lua.LuaState;

/** Answers a call with what a script returned, or with its error. */
final class Outcome {
    private static final LuaName ERR = new LuaName("err");
    private static final LuaName SOURCE = new LuaName("source");
    private static final LuaName LINE = new LuaName("line");
    private static final int MOST_SHOWN = 100;

    private Outcome() {}

    /** Writes the value on top of the stack, as {@code status} says. */
    static void write(Call call, long L, ScriptRun run, int status) {
        if (status == 0) {
            new ResultWriter(L, call.reply(), run.resp3()).write();
            return;
        }
        if (Lua.type(L, -1) != Lua.TABLE) {
            String text = LuaState.text(L, -1, MOST_SHOWN);
            call.reply()
                    .error("ERR Error running script " + run.name() + ", "
                            + (text.isEmpty() ? "execution failure" : text));
            return;
        }
        int table = Lua.gettop(L);
        String line = field(L, table, LINE);
        String place =
                line.isEmpty() ? "" : " script: " + run.name() + ", on " + field(L, table, SOURCE) + ":" + line + ".";
        Lua.settop(L, table);
        ERR.push(L);
        Lua.rawget(L, table);
        long text = Lua.tolstring(L, -1, 0); // a number becomes a string; it may be longer than the heap
        if (run.killed()) {
            call.reply()
                    .error("ERR Script killed by user with " + (run.isFunction() ? "FUNCTION" : "SCRIPT") + " KILL..."
                            + place);
        } else if (text == 0) {
            call.reply().error("ERR execution failure" + place);
        } else {
            call.reply().error(text, (int) Lua.objlen(L, -1), place);
        }
    }

    private static String field(long L, int table, LuaName name) {
        name.push(L);
        Lua.rawget(L, table);
        Lua.tolstring(L, -1, 0); // a number becomes a string
        return LuaState.text(L, -1, MOST_SHOWN);
    }
}
