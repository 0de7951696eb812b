package dev.redisreplication.node.script;

import static dev.redisreplication.node.command.Flag.ALLOW_BUSY;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.config.Directives.RDBCOMPRESSION;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.rdb.LibraryDump;
import dev.redisreplication.node.rdb.RdbException;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.script.Functions.Function;
import dev.redisreplication.node.script.Functions.FunctionLibrary;
import dev.redisreplication.node.script.Functions.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** FUNCTION, FCALL and FCALL_RO. */
public final class FunctionCommands {
    private final Functions functions;
    private final Running running;

    private FunctionCommands(Functions functions, Running running) {
        this.functions = functions;
        this.running = running;
    }

    /** Adds them to the table. */
    public static void register(CommandTable.Builder t, Functions functions, Running running) {
        FunctionCommands c = new FunctionCommands(functions, running);
        ScriptRows.writing(t.row("fcall", -3, call -> functions.call(call, false)), functions::flags);
        ScriptRows.reading(t.row("fcall_ro", -3, call -> functions.call(call, true)), functions::flags);
        CommandRow.Builder function = t.row("function", -2, null).is(NOSCRIPT).in(Category.SCRIPTING);
        t.sub(function, "delete", 3, c::delete).is(WRITE);
        t.sub(function, "dump", 2, c::dump);
        t.sub(function, "flush", -2, c::flush).is(WRITE);
        t.sub(function, "kill", 2, c::kill).is(ALLOW_BUSY);
        t.sub(function, "list", -2, c::list);
        t.sub(function, "load", -3, c::load).is(WRITE, DENYOOM);
        t.sub(function, "restore", -3, c::restore).is(WRITE, DENYOOM);
        t.sub(function, "stats", 2, c::stats).is(ALLOW_BUSY);
        t.sub(function, "help", 2, t.help(HELP)).is(LOADING);
    }

    private static final String[] HELP = {
        "FUNCTION <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "LOAD [REPLACE] <FUNCTION CODE>",
        "    Create a new library with the given library name and code.",
        "DELETE <LIBRARY NAME>",
        "    Delete the given library.",
        "LIST [LIBRARYNAME PATTERN] [WITHCODE]",
        "    Return general information on all the libraries:",
        "    * Library name",
        "    * The engine used to run the Library",
        "    * Library description",
        "    * Functions list",
        "    * Library code (if WITHCODE is given)",
        "    It also possible to get only function that matches a pattern using LIBRARYNAME argument.",
        "STATS",
        "    Return information about the current function running:",
        "    * Function name",
        "    * Command used to run the function",
        "    * Duration in MS that the function is running",
        "    If no function is running, return nil",
        "    In addition, returns a list of available engines.",
        "KILL",
        "    Kill the current running function.",
        "FLUSH [ASYNC|SYNC]",
        "    Delete all the libraries.",
        "    When called without the optional mode argument, the behavior is determined by the",
        "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
        "    * ASYNC: Asynchronously flush the libraries.",
        "    * SYNC: Synchronously flush the libraries.",
        "DUMP",
        "    Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE"
                + " command",
        "RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]",
        "    Restore the libraries represented by the given payload, it is possible to give a restore policy to",
        "    control how to handle existing libraries (default APPEND):",
        "    * FLUSH: delete all existing libraries.",
        "    * APPEND: appends the restored libraries to the existing libraries. On collision, abort.",
        "    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old",
        "      libraries with the new libraries (notice that even on this option there is a chance of failure",
        "      in case of functions name collision with another library).",
    };

    private static CommandError wrongArguments(String name) {
        return new CommandError(
                "ERR unknown subcommand or wrong number of arguments for '" + name + "'. Try FUNCTION HELP.");
    }

    private void load(Call call) {
        boolean replace = call.argc() > 3 && call.is(2, "REPLACE");
        for (int i = 2; i < call.argc() - 1; i++) {
            if (!call.is(i, "REPLACE")) {
                throw new CommandError("ERR Unknown option given: " + call.shown(i));
            }
        }
        if (call.client().isAnswered()) { // what comes from the master or the file is to be had here, too
            functions.requireRoom(call.length(call.argc() - 1));
        }
        String name = functions.load(call.asBytes(call.argc() - 1), replace);
        call.changed(1);
        call.reply().bulk(name);
    }

    private void delete(Call call) {
        functions.delete(call.asString(2));
        call.changed(1);
        call.reply().ok();
    }

    private void flush(Call call) {
        if (call.argc() > 3) {
            throw wrongArguments("flush");
        }
        if (call.argc() == 3 && !call.is(2, "SYNC") && !call.is(2, "ASYNC")) {
            throw new CommandError("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
        }
        functions.flush();
        call.changed(1);
        call.reply().ok();
    }

    private void kill(Call call) {
        running.kill(true);
        call.reply().ok();
    }

    private void list(Call call) {
        int pattern = 0;
        boolean code = false;
        for (int i = 2; i < call.argc(); i++) {
            if (!code && call.is(i, "WITHCODE")) {
                code = true;
            } else if (pattern == 0 && call.is(i, "LIBRARYNAME")) {
                if (++i == call.argc()) {
                    throw new CommandError("ERR library name argument was not given");
                }
                pattern = i;
            } else {
                throw new CommandError("ERR Unknown argument " + call.shown(i));
            }
        }
        List<FunctionLibrary> found = new ArrayList<>();
        for (FunctionLibrary library : functions.all()) {
            if (pattern == 0 || matches(call, pattern, library.code().name())) {
                found.add(library);
            }
        }
        call.reply().array(found.size());
        for (FunctionLibrary library : found) {
            describe(call.reply(), library, code);
        }
    }

    private static boolean matches(Call call, int pattern, String name) {
        return Glob.matches(call.asString(pattern).toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
    }

    private static void describe(ReplyWriter reply, FunctionLibrary library, boolean code) {
        reply.map(code ? 4 : 3);
        reply.bulk("library_name");
        reply.bulk(library.code().name());
        reply.bulk("engine");
        reply.bulk("LUA");
        reply.bulk("functions");
        reply.array(library.functions().size());
        for (Function f : library.functions()) {
            reply.map(3);
            reply.bulk("name");
            reply.bulk(f.name());
            reply.bulk("description");
            if (f.description() == null) {
                reply.nil();
            } else {
                reply.bulk(f.description().getBytes(StandardCharsets.ISO_8859_1));
            }
            reply.bulk("flags");
            List<String> flags = f.flags().names();
            reply.set(flags.size());
            flags.forEach(reply::simple);
        }
        if (code) {
            reply.bulk("library_code");
            reply.bulk(library.code().bytes());
        }
    }

    private void stats(Call call) {
        ReplyWriter reply = call.reply();
        ScriptRun run = running.current();
        reply.map(2);
        reply.bulk("running_script");
        if (run == null) {
            reply.nil();
        } else {
            reply.map(3);
            reply.bulk("name");
            reply.bulk(run.name());
            reply.bulk("command");
            reply.array(run.command().size());
            run.command().forEach(reply::bulk);
            reply.bulk("duration_ms");
            reply.integer(run.elapsed());
        }
        reply.bulk("engines");
        reply.map(1);
        reply.bulk("LUA");
        reply.map(2);
        reply.bulk("libraries_count");
        reply.integer(functions.libraries());
        reply.bulk("functions_count");
        reply.integer(functions.functions());
    }

    private void dump(Call call) {
        NativeBuffer payload = new NativeBuffer(4096);
        try {
            LibraryDump.write(call.store().libraries(), call.node().settings().get(RDBCOMPRESSION), payload);
            call.reply().bulk(payload.address(), payload.readable());
        } finally {
            payload.close();
        }
    }

    private void restore(Call call) {
        if (call.argc() > 4) {
            throw wrongArguments("restore");
        }
        Policy policy = Policy.APPEND;
        if (call.argc() == 4) {
            policy = null;
            for (Policy p : Policy.values()) {
                policy = call.is(3, p.name()) ? p : policy;
            }
            if (policy == null) {
                throw new CommandError(
                        "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.");
            }
        }
        if (call.client().isAnswered()) {
            functions.requireRoom(call.length(2));
        }
        List<byte[]> codes;
        try {
            if (!LibraryDump.isWhole(call.address(2), call.length(2))) {
                throw new CommandError("ERR DUMP payload version or checksum are wrong");
            }
            codes = LibraryDump.read(call.address(2), call.length(2), Functions.MOST);
        } catch (RdbException e) {
            throw new CommandError("ERR failed loading functions: " + e.getMessage());
        }
        functions.restore(codes, policy);
        call.changed(1);
        call.reply().ok();
    }
}
