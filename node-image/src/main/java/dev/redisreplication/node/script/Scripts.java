package dev.redisreplication.node.script;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The scripts of EVAL: compiled once, found by their digest, run in one interpreter, which is made for the first of them. On the
 * event loop.
 */
public final class Scripts {
    private static final LuaName KEYS = new LuaName("KEYS");
    private static final LuaName ARGV = new LuaName("ARGV");
    private static final int LONGEST_SHEBANG = 4096;
    private static final int OVERHEAD = 112; // bytes of the heap that a script's entry takes, about

    /** One that was compiled. */
    private record Script(Digest digest, int number, ScriptFlags flags) {}

    private final Map<Digest, Script> cache = new HashMap<>();
    private final RecentTexts<Script> recent = new RecentTexts<>();
    private final Running running;
    private final RedisLibrary redis = new RedisLibrary(false);
    private Interpreter interpreter;
    private int declaring; // how many declare flags

    /** No scripts yet; {@code running} knows which one runs, of whatever kind. */
    public Scripts(Running running) {
        this.running = running;
    }

    private Interpreter interpreter() {
        if (interpreter == null) {
            Map<String, Library> libraries = Libraries.common();
            libraries.put("redis", redis);
            interpreter = new Interpreter(libraries, running::goOn);
        }
        return interpreter;
    }

    /** Compiles the script of an argument unless it is known, and answers its digest. */
    Digest load(long source, int length) {
        return find(source, length).digest;
    }

    private Script find(long source, int length) {
        Script script = recent.find(source, length);
        if (script == null) {
            Digest digest = Digest.of(source, length);
            script = cache.get(digest);
            if (script == null) {
                script = compile(digest, source, length);
            }
            recent.put(source, length, script);
        }
        return script;
    }

    private Script compile(Digest digest, long source, int length) {
        int body = bodyAt(source, length);
        ScriptFlags flags = flags(source, length, body);
        Script script;
        try {
            script = new Script(digest, interpreter().compile("@user_script", source + body, length - body), flags);
        } catch (LuaError e) {
            throw new CommandError("ERR Error compiling script (new function): " + e.getMessage());
        }
        cache.put(digest, script);
        declaring += flags.declared() ? 1 : 0;
        return script;
    }

    /** Where the first line ends, if it says something of the script; else 0. */
    private static int bodyAt(long source, int length) {
        int body = 0;
        if (length > 2 && Memory.getByte(source) == '#' && Memory.getByte(source + 1) == '!') {
            while (body < length && Memory.getByte(source + body) != '\n') {
                body++;
            }
        }
        return body;
    }

    private static ScriptFlags flags(long source, int length, int body) {
        String line = new String(Memory.bytes(source, Math.min(body, LONGEST_SHEBANG)), StandardCharsets.ISO_8859_1);
        return ScriptFlags.ofScript(line, body < length);
    }

    /** The flags of an EVAL, by what the first line of the script declares. */
    int flagsOfSource(int flags, Request request) {
        long source = request.address(1);
        int length = request.length(1);
        int body = bodyAt(source, length);
        try {
            return body == 0 ? flags : flags(source, length, body).ofCall(flags);
        } catch (CommandError e) {
            return flags; // it will be answered so
        }
    }

    /** The flags of an EVALSHA, by what the script declares. */
    int flagsOfDigest(int flags, Request request) {
        Digest digest = declaring == 0 ? null : Digest.parse(request.address(1), request.length(1));
        Script script = digest == null ? null : cache.get(digest);
        return script == null ? flags : script.flags.ofCall(flags);
    }

    /** Whether that script is known. */
    boolean knows(Digest digest) {
        return cache.containsKey(digest);
    }

    /** EVAL: the script of argument 1. */
    void eval(Call call, boolean readOnly) {
        int keys = keys(call, CommandError.NOT_INTEGER);
        run(call, find(call.address(1), call.length(1)), keys, readOnly);
    }

    /** EVALSHA: the script with the digest of argument 1. */
    void evalSha(Call call, boolean readOnly) {
        int keys = keys(call, CommandError.NOT_INTEGER);
        Digest digest = Digest.parse(call.address(1), call.length(1));
        Script script = digest == null ? null : cache.get(digest);
        if (script == null) {
            throw new CommandError("NOSCRIPT No matching script. Please use EVAL.");
        }
        run(call, script, keys, readOnly);
    }

    /** The number of keys by argument 2; {@code otherwise} is raised where there is no number. */
    static int keys(Call call, CommandError otherwise) {
        long keys = call.asLong(2, otherwise);
        if (keys > call.argc() - 3) {
            throw new CommandError("ERR Number of keys can't be greater than number of args");
        }
        if (keys < 0) {
            throw new CommandError("ERR Number of keys can't be negative");
        }
        return (int) keys;
    }

    private void run(Call call, Script script, int keys, boolean readOnly) {
        ScriptRun run = new ScriptRun(call, script.digest, null, script.flags, readOnly);
        running.begin(run);
        Interpreter lua = interpreter();
        redis.begin(call, run);
        try {
            lua.pushFunction(script.number);
            pushArguments(call, lua.main(), 3, keys);
            lua.global(KEYS);
            pushArguments(call, lua.main(), 3 + keys, call.argc() - 3 - keys);
            lua.global(ARGV);
            int status = lua.call(0);
            Outcome.write(call, lua.main(), run, status);
        } finally {
            lua.done();
            redis.end();
            running.end();
        }
    }

    /** Pushes a table of {@code count} arguments. */
    static void pushArguments(Call call, long L, int first, int count) {
        Lua.createtable(L, count, 0);
        for (int i = 0; i < count; i++) {
            Lua.pushlstring(L, call.address(first + i), call.length(first + i));
            Lua.rawseti(L, -2, i + 1);
        }
    }

    /** Forgets all scripts. */
    void flush() {
        cache.clear();
        recent.clear();
        declaring = 0;
        if (interpreter != null) {
            interpreter.dropAll();
        }
    }

    /** How many scripts are known. */
    public int count() {
        return cache.size();
    }

    /** Bytes that the scripts take, without what the interpreter holds. */
    public long bytes() {
        return cache.size() * (long) OVERHEAD;
    }

    /** Bytes that the interpreter holds; 0 before the first script. */
    public long interpreterBytes() {
        return interpreter == null ? 0 : interpreter.memory();
    }
}
