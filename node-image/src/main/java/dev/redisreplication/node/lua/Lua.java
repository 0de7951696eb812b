package dev.redisreplication.node.lua;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Lua's functions for its host, as its manual describes them, by their names without the prefix. {@code L} is a state or one
 * of its coroutines.
 *
 * <p>Most are called without leaving Java's own state (that is what "critical" means), so they must not lead to a call of
 * Java, that of an allocator in Java included: {@link LuaState} sees to it. None of them may raise an error: a jump out of
 * native code over Java's frames would end the process. So there are no functions here that look at metatables or check
 * arguments, and memory is unlimited while Java calls them.
 *
 * <p>The library is loaded with this class, which throws {@link ExceptionInInitializerError} when it cannot be.
 */
public final class Lua {
    public static final int REGISTRY = -10000;
    public static final int GLOBALS = -10002;

    public static final int NONE = -1;
    public static final int NIL = 0;
    public static final int BOOLEAN = 1;
    public static final int LIGHT_USERDATA = 2;
    public static final int NUMBER = 3;
    public static final int STRING = 4;
    public static final int TABLE = 5;

    /** Status of a call that ran out of memory. */
    public static final int ERROR_MEMORY = 4;

    static final int MULTIPLE = -1; // results
    static final int GC_COLLECT = 2;
    static final int GC_COUNT = 3; // KiB
    static final int GC_COUNT_REST = 4; // bytes
    static final int GC_STEP = 5;
    static final int MASK_COUNT = 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = LuaLibrary.load();
    private static final MethodHandle GETTOP_ = quick("lua_gettop", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle SETTOP_ = quick("lua_settop", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle PUSHVALUE_ =
            quick("lua_pushvalue", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle REMOVE_ = quick("lua_remove", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle INSERT_ = quick("lua_insert", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle CHECKSTACK_ =
            quick("lua_checkstack", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle XMOVE_ =
            quick("lua_xmove", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle TYPE_ = quick("lua_type", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle TONUMBER_ =
            quick("lua_tonumber", FunctionDescriptor.of(JAVA_DOUBLE, JAVA_LONG, JAVA_INT));
    private static final MethodHandle TOBOOLEAN_ =
            quick("lua_toboolean", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle TOLSTRING_ =
            quick("lua_tolstring", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle TOUSERDATA_ =
            quick("lua_touserdata", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle TOPOINTER_ =
            quick("lua_topointer", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RAWEQUAL_ =
            quick("lua_rawequal", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle OBJLEN_ =
            quick("lua_objlen", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle NEXT_ = quick("lua_next", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RAWGET_ = quick("lua_rawget", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle RAWSET_ = quick("lua_rawset", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETFIELD_ =
            quick("lua_setfield", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle RAWGETI_ =
            quick("lua_rawgeti", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle RAWSETI_ =
            quick("lua_rawseti", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle CREATETABLE_ =
            quick("lua_createtable", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle PUSHNIL_ = quick("lua_pushnil", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle PUSHNUMBER_ =
            quick("lua_pushnumber", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_DOUBLE));
    private static final MethodHandle PUSHBOOLEAN_ =
            quick("lua_pushboolean", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle PUSHLSTRING_ =
            quick("lua_pushlstring", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PUSHLIGHTUSERDATA_ =
            quick("lua_pushlightuserdata", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PUSHCCLOSURE_ =
            quick("lua_pushcclosure", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle NEWTHREAD_ = quick("lua_newthread", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PUSHTHREAD_ = quick("lua_pushthread", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle REPLACE_ = quick("lua_replace", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle ISNUMBER_ =
            quick("lua_isnumber", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETMETATABLE_ =
            quick("lua_setmetatable", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETMETATABLE_ =
            quick("lua_getmetatable", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETUPVALUE_ =
            quick("lua_setupvalue", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle GC_ =
            quick("lua_gc", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle SETHOOK_ =
            quick("lua_sethook", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle SETALLOCF_ =
            quick("lua_setallocf", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle GETALLOCF_ =
            quick("lua_getallocf", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PCALL_ =
            full("lua_pcall", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle LOADBUFFER_ =
            full("luaL_loadbuffer", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle NEWSTATE_ = full("luaL_newstate", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle OPENLIBS_ = full("luaL_openlibs", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle CLOSE_ = full("lua_close", FunctionDescriptor.ofVoid(JAVA_LONG));

    private Lua() {}

    private static MethodHandle quick(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type, Linker.Option.critical(false));
    }

    private static MethodHandle full(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type);
    }

    /** Address of one of the library's functions. */
    static long address(String name) {
        return LIBRARY.findOrThrow(name).address();
    }

    /** Index of upvalue {@code n} of the native function that runs. */
    public static int upvalue(int n) {
        return GLOBALS - n;
    }

    private static AssertionError unexpected(Throwable t) {
        return new AssertionError(t);
    }

    /** Number of values on the stack. */
    public static int gettop(long L) {
        try {
            return (int) GETTOP_.invokeExact(L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Cuts or fills the stack up to {@code index}. */
    public static void settop(long L, int index) {
        try {
            SETTOP_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a copy. */
    public static void pushvalue(long L, int index) {
        try {
            PUSHVALUE_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Takes a value out. */
    public static void remove(long L, int index) {
        try {
            REMOVE_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Moves the top to {@code index}. */
    public static void insert(long L, int index) {
        try {
            INSERT_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Makes room on the stack; 0 when there can be none. */
    public static int checkstack(long L, int more) {
        try {
            return (int) CHECKSTACK_.invokeExact(L, more);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Moves values to another thread of the same state. */
    public static void xmove(long from, long to, int count) {
        try {
            XMOVE_.invokeExact(from, to, count);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Type of a value. */
    public static int type(long L, int index) {
        try {
            return (int) TYPE_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** A value as a number, 0 if it is none. */
    public static double tonumber(long L, int index) {
        try {
            return (double) TONUMBER_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** 0 for nil and false. */
    public static int toboolean(long L, int index) {
        try {
            return (int) TOBOOLEAN_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Address of a string's bytes; a number becomes one in place. 0 if it is neither. */
    public static long tolstring(long L, int index, long length) {
        try {
            return (long) TOLSTRING_.invokeExact(L, index, length);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The pointer that a light userdata is. */
    public static long touserdata(long L, int index) {
        try {
            return (long) TOUSERDATA_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** What tells one object from another. */
    public static long topointer(long L, int index) {
        try {
            return (long) TOPOINTER_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Whether two values are the same. */
    public static int rawequal(long L, int a, int b) {
        try {
            return (int) RAWEQUAL_.invokeExact(L, a, b);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Length of a string or table. */
    public static long objlen(long L, int index) {
        try {
            return (long) OBJLEN_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pops a key and pushes the next one with its value; 0 and nothing at the end. */
    public static int next(long L, int index) {
        try {
            return (int) NEXT_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Replaces the key on top by its value. */
    public static void rawget(long L, int index) {
        try {
            RAWGET_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pops a value and a key, into the table. */
    public static void rawset(long L, int index) {
        try {
            RAWSET_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pops a value into the field of a table; {@code name} ends with a zero. The table must not have __newindex. */
    public static void setfield(long L, int index, long name) {
        try {
            SETFIELD_.invokeExact(L, index, name);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes element {@code n}. */
    public static void rawgeti(long L, int index, int n) {
        try {
            RAWGETI_.invokeExact(L, index, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pops a value into element {@code n}. */
    public static void rawseti(long L, int index, int n) {
        try {
            RAWSETI_.invokeExact(L, index, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a table with room. */
    public static void createtable(long L, int elements, int fields) {
        try {
            CREATETABLE_.invokeExact(L, elements, fields);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes nil. */
    public static void pushnil(long L) {
        try {
            PUSHNIL_.invokeExact(L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a number. */
    public static void pushnumber(long L, double n) {
        try {
            PUSHNUMBER_.invokeExact(L, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a boolean. */
    public static void pushboolean(long L, int b) {
        try {
            PUSHBOOLEAN_.invokeExact(L, b);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a string of bytes. */
    public static void pushlstring(long L, long address, long length) {
        try {
            PUSHLSTRING_.invokeExact(L, address, length);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a pointer. */
    public static void pushlightuserdata(long L, long pointer) {
        try {
            PUSHLIGHTUSERDATA_.invokeExact(L, pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a native function. */
    public static void pushcclosure(long L, long function, int upvalues) {
        try {
            PUSHCCLOSURE_.invokeExact(L, function, upvalues);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a coroutine. */
    public static long newthread(long L) {
        try {
            return (long) NEWTHREAD_.invokeExact(L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes the coroutine itself. */
    static int pushthread(long L) {
        try {
            return (int) PUSHTHREAD_.invokeExact(L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pops a value into {@code index}. */
    static void replace(long L, int index) {
        try {
            REPLACE_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Whether a value is a number, or a string that says one. */
    public static int isnumber(long L, int index) {
        try {
            return (int) ISNUMBER_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pops a metatable. */
    public static int setmetatable(long L, int index) {
        try {
            return (int) SETMETATABLE_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pushes a metatable, or answers 0. */
    public static int getmetatable(long L, int index) {
        try {
            return (int) GETMETATABLE_.invokeExact(L, index);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Pops a value into an upvalue. */
    public static long setupvalue(long L, int function, int n) {
        try {
            return (long) SETUPVALUE_.invokeExact(L, function, n);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Asks or tells the collector. */
    static int gc(long L, int what, int data) {
        try {
            return (int) GC_.invokeExact(L, what, data);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Has a native function called now and then. */
    static int sethook(long L, long function, int mask, int count) {
        try {
            return (int) SETHOOK_.invokeExact(L, function, mask, count);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Exchanges the allocator. */
    static void setallocf(long L, long function, long data) {
        try {
            SETALLOCF_.invokeExact(L, function, data);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The allocator. */
    static long getallocf(long L, long data) {
        try {
            return (long) GETALLOCF_.invokeExact(L, data);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Calls a function; 0 if it did not fail. */
    static int pcall(long L, int arguments, int results, int handler) {
        try {
            return (int) PCALL_.invokeExact(L, arguments, results, handler);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Compiles; pushes a function or a message. */
    static int loadbuffer(long L, long address, long length, long name) {
        try {
            return (int) LOADBUFFER_.invokeExact(L, address, length, name);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** A state with the library's own allocator. */
    static long newstate() {
        try {
            return (long) NEWSTATE_.invokeExact();
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Opens the standard libraries. */
    static void openlibs(long L) {
        try {
            OPENLIBS_.invokeExact(L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Ends a state. */
    static void close(long L) {
        try {
            CLOSE_.invokeExact(L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Drops the {@code count} values on top. */
    public static void pop(long L, int count) {
        settop(L, -count - 1);
    }
}
