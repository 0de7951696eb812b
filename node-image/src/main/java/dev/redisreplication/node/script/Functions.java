package dev.redisreplication.node.script;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.lua.LuaState;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.store.Store;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The functions of FCALL. Their code belongs to the data: the store has it, dumps carry it. Here it is compiled, once it is
 * needed, and again when another store has taken the place of the one it came from. On the event loop.
 */
public final class Functions {
    private static final LuaName ERR = new LuaName("err");
    private static final CommandError BAD_NUMBER = new CommandError("ERR Bad number of keys provided");
    private static final long MOST_LOADING = TimeUnit.MILLISECONDS.toNanos(500);

    /** One function. */
    record Function(String name, int number, ScriptFlags flags, String description) {}

    /** One library. */
    record FunctionLibrary(LibraryCode code, List<Function> functions) {
        /** Bytes of the heap. */
        long size() {
            long texts = functions.stream()
                    .mapToLong(f -> f.name().length()
                            + (f.description() == null ? 0 : f.description().length()))
                    .sum();
            return AROUND + code.bytes().length + (long) AROUND * functions.size() + texts;
        }
    }

    private static final int AROUND = 200; // bytes of the objects for each library and each function
    static final long MOST = Runtime.getRuntime().maxMemory() / 4; // bytes of the heap for all libraries
    private static final CommandError FULL =
            new CommandError("ERR the libraries take too much memory, there is none for another");

    private final Running running;
    private final Supplier<Store> store;
    private final RedisLibrary redis = new RedisLibrary(true);
    private final FunctionRegistrar registrar = new FunctionRegistrar(this::keep);
    private final Map<String, FunctionLibrary> libraries = new TreeMap<>();
    private final Map<String, Function> byName = new HashMap<>(); // in lower case
    private final RecentTexts<Function> recent = new RecentTexts<>(); // by name, in any case
    private Interpreter interpreter;
    private Store source;
    private long loadingUntil; // 0 while nothing is loaded

    /**
     * No functions yet.
     *
     * @param running knows which script runs, of whatever kind
     * @param store the data that the libraries are part of; it may be another one each time
     */
    public Functions(Running running, Supplier<Store> store) {
        this.running = running;
        this.store = store;
    }

    private Interpreter interpreter() {
        if (interpreter == null) {
            Map<String, Library> tables = Libraries.common();
            tables.put("redis", redis);
            tables.put("loading", registrar);
            interpreter = new Interpreter(tables, this::goOn);
        }
        return interpreter;
    }

    private boolean goOn() {
        return loadingUntil == 0 ? running.goOn() : System.nanoTime() - loadingUntil < 0;
    }

    private int keep(long L) {
        return interpreter.keep(L);
    }

    /** Compiles what the store has, if it is another one than the last time. */
    private void follow() {
        if (source == store.get() || running.current() != null) {
            return; // while one runs, what it is made of stays
        }
        source = store.get();
        forgetAll();
        for (byte[] code : source.libraries()) {
            try {
                LibraryCode library = LibraryCode.parse(code);
                add(compile(library, null));
            } catch (CommandError e) {
                Log.warning("A function library of the data cannot be loaded: " + e.getMessage());
            }
        }
    }

    private void forgetAll() {
        libraries.clear();
        byName.clear();
        recent.clear();
        if (interpreter != null) {
            interpreter.dropAll();
        }
    }

    /** All libraries, by name. */
    Collection<FunctionLibrary> all() {
        follow();
        return libraries.values();
    }

    /**
     * Before a client's library is loaded, of {@code length} bytes.
     *
     * @throws CommandError if the heap is not to hold it
     */
    void requireRoom(long length) {
        if (bytes() + length > MOST) {
            throw FULL;
        }
    }

    /**
     * FUNCTION LOAD.
     *
     * @return the library's name
     * @throws CommandError if it cannot be loaded; nothing has changed then
     */
    String load(byte[] code, boolean replace) {
        follow();
        LibraryCode library = LibraryCode.parse(code);
        FunctionLibrary old = libraries.get(library.name());
        if (old != null && !replace) {
            throw new CommandError("ERR Library '" + library.name() + "' already exists");
        }
        FunctionLibrary loaded = compile(library, old);
        if (old != null) {
            remove(old);
        }
        add(loaded);
        return library.name();
    }

    private void add(FunctionLibrary library) {
        libraries.put(library.code.name(), library);
        library.functions.forEach(f -> byName.put(f.name.toLowerCase(Locale.ROOT), f));
        if (!source.libraries().contains(library.code.bytes())) {
            source.libraries().add(library.code.bytes());
        }
    }

    private void remove(FunctionLibrary library) {
        libraries.remove(library.code.name());
        recent.clear();
        for (Function f : library.functions) {
            byName.remove(f.name.toLowerCase(Locale.ROOT));
            interpreter.drop(f.number);
        }
        source.libraries().remove(library.code.bytes());
    }

    private FunctionLibrary compile(LibraryCode library, FunctionLibrary old) {
        Interpreter lua = interpreter();
        long L = lua.main();
        List<Function> functions = new ArrayList<>();
        registrar.begin(functions);
        loadingUntil = System.nanoTime() + MOST_LOADING;
        boolean whole = false;
        try {
            int number = compileBody(lua, library);
            lua.registering(true);
            lua.pushFunction(number);
            int status = lua.call(0);
            lua.drop(number);
            if (status != 0) {
                throw new CommandError("ERR Error registering functions: " + problem(L));
            }
            if (functions.isEmpty()) {
                throw new CommandError("ERR No functions registered");
            }
            for (Function f : functions) {
                Function known = byName.get(f.name.toLowerCase(Locale.ROOT));
                if (known != null && (old == null || !old.functions.contains(known))) {
                    throw new CommandError("ERR Function " + f.name + " already exists");
                }
            }
            whole = true;
            return new FunctionLibrary(library, List.copyOf(functions));
        } finally {
            lua.done();
            lua.registering(false);
            loadingUntil = 0;
            registrar.end();
            if (!whole) {
                functions.forEach(f -> lua.drop(f.number));
            }
        }
    }

    private static int compileBody(Interpreter lua, LibraryCode library) {
        try (Arena scratch = Arena.ofConfined()) {
            byte[] code = library.bytes();
            int from = library.body();
            long at = scratch.allocate(Math.max(code.length, 1)).address();
            Memory.copy(code, 0, at, code.length);
            return lua.compile("@user_function", at + from, code.length - from);
        } catch (LuaError e) {
            throw new CommandError("ERR Error compiling function: " + e.getMessage());
        }
    }

    private static String problem(long L) {
        if (Lua.type(L, -1) != Lua.TABLE) {
            return "ERR " + LuaState.text(L, -1, LuaError.LONGEST);
        }
        ERR.push(L);
        Lua.rawget(L, -2);
        String text = LuaState.text(L, -1, LuaError.LONGEST);
        Lua.pop(L, 1);
        return text;
    }

    /** FUNCTION DELETE. */
    void delete(String name) {
        follow();
        FunctionLibrary library = libraries.get(name);
        if (library == null) {
            throw new CommandError("ERR Library not found");
        }
        remove(library);
    }

    /** FUNCTION FLUSH. */
    void flush() {
        source = store.get();
        source.libraries().clear();
        forgetAll();
    }

    /** What {@link #restore} does with what is there. */
    enum Policy {
        FLUSH,
        APPEND,
        REPLACE
    }

    /** FUNCTION RESTORE: all of these libraries, or none. */
    void restore(List<byte[]> codes, Policy policy) {
        follow();
        List<byte[]> before = new ArrayList<>(source.libraries());
        try {
            if (policy == Policy.FLUSH) {
                flush();
            }
            for (byte[] code : codes) {
                LibraryCode library = LibraryCode.parse(code);
                if (policy == Policy.APPEND && libraries.containsKey(library.name())) {
                    throw new CommandError("ERR Library " + library.name() + " already exists");
                }
                load(code, true);
            }
        } catch (CommandError e) {
            flush();
            source.libraries().addAll(before);
            source = null; // compiled anew when they are needed
            throw e;
        }
    }

    /** The flags of an FCALL, by what the function declares. */
    int flags(int flags, Request request) {
        follow();
        Function function = find(request.address(1), request.length(1));
        return function == null ? flags : function.flags.ofCall(flags);
    }

    private Function find(long name, int length) {
        Function function = recent.find(name, length);
        if (function == null && length <= Call.MAX_COPIED) {
            function = byName.get(ByteText.of(Memory.bytes(name, length)).toLowerCase(Locale.ROOT));
            if (function != null) {
                recent.put(name, length, function);
            }
        }
        return function;
    }

    /** FCALL. */
    void call(Call call, boolean readOnly) {
        follow();
        Function function = find(call.address(1), call.length(1));
        if (function == null) {
            throw new CommandError("ERR Function not found");
        }
        int keys = Scripts.keys(call, BAD_NUMBER);
        ScriptRun run = new ScriptRun(call, null, function.name, function.flags, readOnly);
        running.begin(run);
        Interpreter lua = interpreter();
        redis.begin(call, run);
        try {
            lua.pushFunction(function.number);
            Scripts.pushArguments(call, lua.main(), 3, keys);
            Scripts.pushArguments(call, lua.main(), 3 + keys, call.argc() - 3 - keys);
            Outcome.write(call, lua.main(), run, lua.call(2));
        } finally {
            lua.done();
            redis.end();
            running.end();
        }
    }

    /** How many functions there are. */
    public int functions() {
        follow();
        return byName.size();
    }

    /** How many libraries there are. */
    public int libraries() {
        follow();
        return libraries.size();
    }

    /** Bytes that the libraries take, without what the interpreter holds. */
    public long bytes() {
        follow();
        long all = 0;
        for (FunctionLibrary library : libraries.values()) {
            all += library.size();
        }
        return all;
    }

    /** Bytes that the interpreter holds; 0 before the first function. */
    public long interpreterBytes() {
        return interpreter == null ? 0 : interpreter.memory();
    }
}
