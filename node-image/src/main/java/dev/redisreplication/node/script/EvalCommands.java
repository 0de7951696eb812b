package dev.redisreplication.node.script;

import static dev.redisreplication.node.command.Flag.ALLOW_BUSY;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;

/** EVAL and its forms, and SCRIPT. */
public final class EvalCommands {
    private final Scripts scripts;
    private final Running running;

    private EvalCommands(Scripts scripts, Running running) {
        this.scripts = scripts;
        this.running = running;
    }

    /** Adds them to the table. */
    public static void register(CommandTable.Builder t, Scripts scripts, Running running) {
        EvalCommands c = new EvalCommands(scripts, running);
        ScriptRows.writing(t.row("eval", -3, call -> scripts.eval(call, false)), scripts::flagsOfSource);
        ScriptRows.writing(t.row("evalsha", -3, call -> scripts.evalSha(call, false)), scripts::flagsOfDigest);
        ScriptRows.reading(t.row("eval_ro", -3, call -> scripts.eval(call, true)), scripts::flagsOfSource);
        ScriptRows.reading(t.row("evalsha_ro", -3, call -> scripts.evalSha(call, true)), scripts::flagsOfDigest);
        CommandRow.Builder script = t.row("script", -2, null).is(NOSCRIPT).in(Category.SCRIPTING);
        t.sub(script, "debug", 3, EvalCommands::debug);
        t.sub(script, "exists", -3, c::exists);
        t.sub(script, "flush", -2, c::flush);
        t.sub(script, "kill", 2, c::kill).is(ALLOW_BUSY);
        t.sub(script, "load", 3, c::load).is(STALE);
        t.sub(
                        script,
                        "help",
                        2,
                        t.help(
                                "SCRIPT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                                "DEBUG (YES|SYNC|NO)",
                                "    Set the debug mode for subsequent scripts executed.",
                                "EXISTS <sha1> [<sha1> ...]",
                                "    Return information about the existence of the scripts in the script cache.",
                                "FLUSH [ASYNC|SYNC]",
                                "    Flush the Lua scripts cache. Very dangerous on replicas.",
                                "    When called without the optional mode argument, the behavior is determined by the",
                                "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
                                "    * ASYNC: Asynchronously flush the scripts cache.",
                                "    * SYNC: Synchronously flush the scripts cache.",
                                "KILL",
                                "    Kill the currently executing Lua script.",
                                "LOAD <script>",
                                "    Load a script into the scripts cache without executing it."))
                .is(LOADING);
    }

    private static void debug(Call call) {
        if (!call.is(2, "YES") && !call.is(2, "SYNC") && !call.is(2, "NO")) {
            throw new CommandError("ERR Use SCRIPT DEBUG YES/SYNC/NO");
        }
        if (!call.is(2, "NO")) {
            throw new CommandError("ERR there is no debugger for scripts in this server");
        }
        call.reply().ok();
    }

    private void exists(Call call) {
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            Digest digest = Digest.parse(call.address(i), call.length(i));
            call.reply().integer(digest != null && scripts.knows(digest) ? 1 : 0);
        }
    }

    private void flush(Call call) {
        if (call.argc() > 3 || call.argc() == 3 && !call.is(2, "SYNC") && !call.is(2, "ASYNC")) {
            throw new CommandError("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
        }
        scripts.flush();
        call.reply().ok();
    }

    private void kill(Call call) {
        running.kill(false);
        call.reply().ok();
    }

    private void load(Call call) {
        call.reply().bulk(scripts.load(call.address(2), call.length(2)).toString());
    }
}
