package dev.redisreplication.node.lua;

import dev.redisreplication.node.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;

/**
 * An interpreter: a limit of memory, functions in Java, and a look from time to time at what runs too long. For one thread at
 * a time, with a stack of {@link #STACK} bytes.
 *
 * <p>An error of a function in Java must be raised by native code, since it may not jump over Java's frames. So each such
 * function is what {@code coroutine.wrap} makes: native code that runs a coroutine, in which a few lines of Lua call Java and
 * raise the error it hands back; the native code raises it once more, where the program called. To a program it looks like a
 * function in C. A coroutine that has failed is dead, so another takes its place first.
 *
 * <p>While a program runs, memory is given by an allocator in Java, which counts. Beyond the limit it refuses what is large, and
 * the program is ended at the next look, so that no error of memory comes where the library could not raise it. While Java puts
 * values on the stack, the allocator is the library's own: these calls may not fail.
 */
public final class LuaState implements AutoCloseable {
    /** Answer of a function whose result is an error. */
    public static final int FAILED = -1;

    /** Instructions between two looks at the memory, and how many of these there are for one that asks the host. */
    private static final int INSTRUCTIONS = 1000;

    private static final int LOOKS = 100;

    private static final int LONGEST_MESSAGE = 1000; // of trusted code

    /**
     * Bytes that a block may have which is given beyond the limit: a new one, and one that grows. The library makes stacks longer
     * where an error would end the process, so this must not fail. Programs get no further than to the next look.
     */
    private static final long SMALL = 4 << 10;

    private static final long GROWING = 1 << 20;

    /** Bytes of stack that a thread needs for the deepest nesting of native calls that the library allows. */
    public static final long STACK = 16L << 20;

    private static final byte[] MAKE = """
            local natively, wrap, yield, error = ...
            local function settle(failed, ...)
                if failed then
                    error((...), 0)
                end
                return yield(...)
            end
            local function body(...)
                return body(settle(natively(...)))
            end
            return wrap(body), body
            """.getBytes(StandardCharsets.US_ASCII);

    private static final int FIRST_REGISTERED = 1000; // in the registry: the functions, and what they run
    private static final int RUNNING = FIRST_REGISTERED - 1; // the coroutine that is about to die

    private final LuaHost host;
    private final Arena arena = Arena.ofShared();
    private final long length = arena.allocate(8, 8).address();
    private final long state;
    private final long ownAllocator;
    private final long countingAllocator;
    private final long limit;
    private final MethodHandle realloc;
    private final MethodHandle free;
    private final long function;
    private final long hook;
    private final long raise = Lua.address("lua_error");
    private long used;
    private int looks;
    private boolean exhausted;
    private boolean watched;
    private boolean ended;

    /**
     * An interpreter with Lua's standard libraries.
     *
     * @param limit bytes of memory that programs may use
     */
    @SuppressWarnings("restricted")
    public LuaState(LuaHost host, long limit) {
        this.host = host;
        this.limit = limit;
        Linker linker = Linker.nativeLinker();
        realloc = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("realloc"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                Linker.Option.critical(false));
        free = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("free"),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG),
                Linker.Option.critical(false));
        function = upcall(linker, "call", int.class, long.class);
        hook = upcall(linker, "look", void.class, long.class, long.class);
        countingAllocator = upcall(linker, "allocate", long.class, long.class, long.class, long.class, long.class);
        state = Lua.newstate();
        ownAllocator = Lua.getallocf(state, length);
        Lua.openlibs(state);
    }

    private long upcall(Linker linker, String name, Class<?> result, Class<?>... arguments) {
        try {
            MethodHandle target = MethodHandles.lookup().bind(this, name, MethodType.methodType(result, arguments));
            ValueLayout[] layouts = new ValueLayout[arguments.length];
            java.util.Arrays.fill(layouts, ValueLayout.JAVA_LONG);
            FunctionDescriptor type = result == void.class
                    ? FunctionDescriptor.ofVoid(layouts)
                    : FunctionDescriptor.of(
                            result == int.class ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG, layouts);
            return linker.upcallStub(target, type, arena).address();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a method of this class was not found", e);
        }
    }

    /** The main thread of the state. */
    public long main() {
        return state;
    }

    /** Bytes of memory in use. */
    public long memory() {
        return ((long) Lua.gc(state, Lua.GC_COUNT, 0) << 10) + Lua.gc(state, Lua.GC_COUNT_REST, 0);
    }

    /** Collects all garbage. */
    public void collect() {
        Lua.gc(state, Lua.GC_COLLECT, 0);
    }

    /** Does a little of the collector's work. */
    public void collectSome() {
        Lua.gc(state, Lua.GC_STEP, 1);
    }

    /** Pushes the function that calls {@link LuaHost#call} with number {@code id}. */
    public void define(int id) {
        compile("=native", MAKE);
        Lua.pushnumber(state, id);
        Lua.pushcclosure(state, function, 1);
        pushField("coroutine", "wrap");
        pushField("coroutine", "yield");
        push("error");
        Lua.rawget(state, Lua.GLOBALS);
        run(4, 2, 0);
        Lua.rawseti(state, Lua.REGISTRY, registered(id) + 1);
        Lua.pushvalue(state, -1);
        Lua.rawseti(state, Lua.REGISTRY, registered(id));
    }

    private static int registered(int id) {
        return FIRST_REGISTERED + 2 * id;
    }

    private void pushField(String table, String field) {
        push(table);
        Lua.rawget(state, Lua.GLOBALS);
        push(field);
        Lua.rawget(state, -2);
        Lua.remove(state, -2);
    }

    /** Pushes a string. */
    public void push(String text) {
        push(state, text);
    }

    /** Pushes a string, a character a byte. */
    public static void push(long L, String text) {
        push(L, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Pushes a string. */
    public static void push(long L, byte[] bytes) {
        try (Arena scratch = Arena.ofConfined()) {
            long at = scratch.allocate(Math.max(bytes.length, 1)).address();
            Memory.copy(bytes, 0, at, bytes.length);
            Lua.pushlstring(L, at, bytes.length);
        }
    }

    /** Compiles trusted source and pushes the function; {@code name} as Lua knows it, such as {@code =prelude}. */
    public void compile(String name, byte[] source) {
        try (Arena scratch = Arena.ofConfined()) {
            long at = scratch.allocate(Math.max(source.length, 1)).address();
            Memory.copy(source, 0, at, source.length);
            if (!compile(name, at, source.length)) {
                throw new IllegalStateException(text(state, -1, LONGEST_MESSAGE));
            }
        }
    }

    /** Compiles source; pushes the function, or the message and answers false. Bytecode is no source. */
    public boolean compile(String name, long source, long bytes) {
        try (Arena scratch = Arena.ofConfined()) {
            counting();
            int status = Lua.loadbuffer(
                    state, source, bytes, scratch.allocateFrom(name).address());
            own();
            return status == 0;
        }
    }

    /**
     * Calls the function below its {@code arguments} on the stack, which are popped.
     *
     * @param handler index of the function that makes an error of what was raised, or 0
     * @return 0, or Lua's status; then the error is on top in place of the results
     */
    public int call(int arguments, int results, int handler) {
        watch(true);
        ended = false;
        exhausted = false;
        int status;
        counting();
        try {
            status = Lua.pcall(state, arguments, results, handler);
        } finally {
            own();
        }
        if (ended) {
            watch(false); // its hook raises errors
        }
        if (status != 0 && exhausted) { // whatever was on top where the program was ended
            Lua.pop(state, 1);
            push("not enough memory");
            status = Lua.ERROR_MEMORY;
        }
        if (usedAbout() > limit / 2) {
            collect(); // the next program is not to suffer from what this one has left
        }
        return status;
    }

    /** Has programs looked at from time to time, or not. It stays on from one to the next. */
    private void watch(boolean on) {
        if (watched != on) {
            watched = on;
            Lua.sethook(state, on ? hook : 0, on ? Lua.MASK_COUNT : 0, on ? INSTRUCTIONS : 0);
        }
    }

    /** Calls trusted code, as {@link #call}. */
    public void run(int arguments, int results, int handler) {
        watch(false);
        if (Lua.pcall(state, arguments, results, handler) != 0) {
            throw new IllegalStateException(text(state, -1, LONGEST_MESSAGE));
        }
    }

    /** Pops a table, which programs that are compiled from now on have for their globals. */
    public void useGlobals() {
        Lua.replace(state, Lua.GLOBALS);
    }

    /**
     * The string at {@code index}, a character a byte; empty if there is none.
     *
     * @param most bytes that are copied: a program's strings may be longer than the heap
     */
    public static String text(long L, int index, int most) {
        if (Lua.type(L, index) != Lua.STRING) {
            return "";
        }
        long at = Lua.tolstring(L, index, 0);
        return new String(Memory.bytes(at, (int) Math.min(Lua.objlen(L, index), most)), StandardCharsets.ISO_8859_1);
    }

    /** Bytes of memory in use, less up to a KiB: half the cost of {@link #memory}. */
    private long usedAbout() {
        return (long) Lua.gc(state, Lua.GC_COUNT, 0) << 10;
    }

    private void counting() {
        used = usedAbout();
        Lua.setallocf(state, countingAllocator, 0);
    }

    private void own() {
        Lua.setallocf(state, ownAllocator, 0);
    }

    @SuppressWarnings("UnusedMethod") // called by native code
    private int call(long L) {
        own();
        int id = (int) Lua.tonumber(L, Lua.upvalue(1));
        int results;
        try {
            results = host.call(id, L);
        } catch (RuntimeException | Error fault) { // it must not reach the native frames
            Lua.settop(L, 0);
            push(L, "internal error: " + fault);
            results = FAILED;
        }
        boolean failed = results == FAILED;
        if (failed) {
            results = 1;
            replace(L, id);
        }
        Lua.pushboolean(L, failed ? 1 : 0);
        Lua.insert(L, -results - 1);
        counting();
        return results + 1;
    }

    /** The coroutine that runs is going to die: the function gets another one. */
    private void replace(long L, int id) {
        Lua.pushthread(L);
        Lua.rawseti(L, Lua.REGISTRY, RUNNING);
        Lua.rawgeti(L, Lua.REGISTRY, registered(id));
        long next = Lua.newthread(L);
        Lua.rawgeti(L, Lua.REGISTRY, registered(id) + 1);
        Lua.xmove(L, next, 1);
        Lua.setupvalue(L, -2, 1);
        Lua.pop(L, 1);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // called by native code
    private void look(long L, long debug) {
        exhausted |= used > limit;
        if (exhausted || (++looks % LOOKS == 0 && !mayGoOn())) {
            ended = true;
            // The library's own function that raises errors is the hook from now on: one at each instruction.
            Lua.sethook(L, raise, Lua.MASK_COUNT, 1);
        }
    }

    private boolean mayGoOn() {
        own();
        try {
            return host.goOn();
        } catch (RuntimeException | Error fault) {
            return false;
        } finally {
            counting();
        }
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // called by native code
    private long allocate(long data, long block, long before, long size) {
        try {
            if (size == 0) {
                used -= before;
                free.invokeExact(block);
                return 0;
            }
            if (size > before && used + size - before > limit && size > (before == 0 ? SMALL : GROWING)) {
                return 0;
            }
            long next = (long) realloc.invokeExact(block, size);
            if (next != 0) {
                used += size - before;
            }
            return next;
        } catch (Throwable t) {
            return 0;
        }
    }

    @Override
    public void close() {
        Lua.close(state);
        arena.close();
    }
}
