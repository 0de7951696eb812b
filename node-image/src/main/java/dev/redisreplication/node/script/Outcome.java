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
            String text = LuaState.text(L, -1);
            if (text.length() > MOST_SHOWN) {
                text = text.substring(0, MOST_SHOWN);
            }
            call.reply()
                    .error("ERR Error running script " + run.name() + ", "
                            + (text.isEmpty() ? "execution failure" : text));
            return;
        }
        String text = run.killed()
                ? "ERR Script killed by user with " + (run.isFunction() ? "FUNCTION" : "SCRIPT") + " KILL..."
                : field(L, ERR);
        String line = field(L, LINE);
        text = text.isEmpty() ? "ERR execution failure" : text;
        call.reply()
                .error(
                        line.isEmpty()
                                ? text
                                : text + " script: " + run.name() + ", on " + field(L, SOURCE) + ":" + line + ".");
    }

    private static String field(long L, LuaName name) {
        name.push(L);
        Lua.rawget(L, -2);
        Lua.tolstring(L, -1, 0); // a number becomes a string
        String text = LuaState.text(L, -1);
        Lua.pop(L, 1);
        return text;
    }
}
