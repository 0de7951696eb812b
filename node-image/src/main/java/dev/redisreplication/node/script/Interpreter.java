package dev.redisreplication.node.script;

import com.sun.management.OperatingSystemMXBean;
import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaHost;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.lua.LuaState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * An interpreter with what scripts may see and nothing else. It keeps compiled functions by number.
 *
 * <p>The main stack of its state begins with what is used at each call.
 */
final class Interpreter implements LuaHost, AutoCloseable {
    /** Index of the function that makes a table of what was raised. */
    static final int HANDLER = 1;

    private static final int REGISTERING = 2; // the function that lets scripts register functions, or no longer
    private static final int GLOBALS = 3; // the real table, behind what scripts see
    private static final int FUNCTIONS = 4;
    private static final int BASE = 4;
    private static final int KEPT = 1; // in the registry: the functions again

    private static final int LONGEST_PATTERN = 16 << 10;
    private static final int FUNCTIONS_OF_LIBRARY = 64;
    private static final long MOST_MEMORY = 1L << 30;
    private static final int SOME = 50; // calls, after which a little garbage is collected

    private final LuaState lua;
    private final List<Library> libraries = new ArrayList<>();
    private final BooleanSupplier goOn;
    private int functions;
    private int calls;

    /**
     * @param tables the libraries by name; one called {@code math} adds to Lua's own
     * @param goOn asked from time to time while a script runs
     */
    Interpreter(Map<String, Library> tables, BooleanSupplier goOn) {
        this.goOn = goOn;
        lua = new LuaState(this, memoryLimit());
        long L = lua.main();
        lua.compile("=[sandbox]", source());
        Lua.createtable(L, 0, tables.size());
        tables.forEach((name, library) -> {
            lua.push(name);
            Lua.createtable(L, 0, FUNCTIONS_OF_LIBRARY);
            int base = libraries.size() * FUNCTIONS_OF_LIBRARY;
            libraries.add(library);
            String[] names = library.functions();
            for (int i = 0; i < names.length; i++) {
                lua.push(names[i]);
                lua.define(base + i);
                Lua.rawset(L, -3);
            }
            library.constants(L);
            Lua.rawset(L, -3);
        });
        Lua.pushnumber(L, LONGEST_PATTERN);
        lua.run(2, 4, 0); // the real globals, what stands for them, the handler, and the switch for registering
        Lua.insert(L, HANDLER);
        Lua.insert(L, HANDLER);
        lua.useGlobals();
        newFunctions();
    }

    /** A quarter of what there is, at most {@link #MOST_MEMORY}: a script must not end the process. */
    static long memoryLimit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.min(MOST_MEMORY, system.getTotalMemorySize() / 4)
                : MOST_MEMORY;
    }

    private static byte[] source() {
        try (InputStream in = Interpreter.class.getResourceAsStream("sandbox.lua")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The main thread of the state. */
    long main() {
        return lua.main();
    }

    /** Bytes of memory in use. */
    long memory() {
        return lua.memory();
    }

    /**
     * Compiles a script.
     *
     * @return its number
     * @throws LuaError with the compiler's message
     */
    int compile(String name, long source, long length) {
        long L = lua.main();
        if (!lua.compile(name, source, length)) {
            String message = LuaState.text(L, -1, LuaError.LONGEST);
            Lua.pop(L, 1);
            throw new LuaError(message);
        }
        Lua.rawseti(L, FUNCTIONS, ++functions);
        return functions;
    }

    /** Pushes function {@code number}. */
    void pushFunction(int number) {
        Lua.rawgeti(lua.main(), FUNCTIONS, number);
    }

    private void newFunctions() {
        long L = lua.main();
        Lua.createtable(L, 0, 0);
        Lua.pushvalue(L, -1);
        Lua.rawseti(L, Lua.REGISTRY, KEPT);
    }

    /** Pops a function, while a script runs, and keeps it. */
    int keep(long L) {
        Lua.rawgeti(L, Lua.REGISTRY, KEPT);
        Lua.insert(L, -2);
        Lua.rawseti(L, -2, ++functions);
        Lua.pop(L, 1);
        return functions;
    }

    /** Lets scripts register functions, or no longer. */
    void registering(boolean on) {
        long L = lua.main();
        Lua.pushvalue(L, REGISTERING);
        Lua.pushboolean(L, on ? 1 : 0);
        lua.run(1, 0, 0);
    }

    /** Forgets function {@code number}. */
    void drop(int number) {
        Lua.pushnil(lua.main());
        Lua.rawseti(lua.main(), FUNCTIONS, number);
    }

    /** Forgets all functions. */
    void dropAll() {
        long L = lua.main();
        Lua.settop(L, BASE);
        Lua.settop(L, FUNCTIONS - 1);
        newFunctions();
        functions = 0;
        lua.collect();
    }

    /** Pops a value and makes it the global {@code name}. */
    void global(LuaName name) {
        name.set(lua.main(), GLOBALS);
    }

    /** Calls the function below its arguments; leaves one result, or the error, and answers Lua's status. */
    int call(int arguments) {
        int status = lua.call(arguments, 1, HANDLER);
        if (++calls % SOME == 0) {
            lua.collectSome();
        }
        return status;
    }

    /** Empties the stack of what {@link #call} left. */
    void done() {
        Lua.settop(lua.main(), BASE);
    }

    @Override
    public int call(int function, long L) {
        Library library = libraries.get(function / FUNCTIONS_OF_LIBRARY);
        try {
            return library.call(function % FUNCTIONS_OF_LIBRARY, L);
        } catch (LuaError e) {
            Lua.settop(L, 0);
            LuaState.push(L, e.getMessage());
            return LuaState.FAILED;
        }
    }

    @Override
    public boolean goOn() {
        return goOn.getAsBoolean();
    }

    @Override
    public void close() {
        lua.close();
    }
}
