package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.lua.LuaState;
import dev.redisreplication.node.script.Functions.Function;
import java.util.List;
import java.util.function.LongToIntFunction;

/** {@code redis.register_function}, which a library calls while it is loaded. */
final class FunctionRegistrar implements Library {
    private static final String[] FUNCTIONS = {"register_function"};
    private static final int FUNCTION = 6; // Lua's number of the type
    private static final LuaName ERR = new LuaName("err");
    private static final int MOST_TEXT = 1 << 20; // bytes of all names and descriptions of a library
    private static final int AROUND = 200; // bytes of the objects around them, for each function
    private static final String NAME = "redis.register_function";

    private final LongToIntFunction keep;
    private List<Function> registered;
    private int held;

    /** @param keep pops the function on top of a stack and answers its number */
    FunctionRegistrar(LongToIntFunction keep) {
        this.keep = keep;
    }

    /** A library is loaded: its functions are put there. */
    void begin(List<Function> into) {
        registered = into;
        held = 0;
    }

    void end() {
        registered = null;
    }

    @Override
    public String[] functions() {
        return FUNCTIONS;
    }

    @Override
    public int call(int index, long L) {
        String problem =
                registered == null ? NAME + " can only be called on FUNCTION LOAD command" : register(L, Lua.gettop(L));
        if (problem == null) {
            return 0;
        }
        Lua.settop(L, 0);
        Lua.createtable(L, 0, 1);
        ERR.push(L);
        LuaState.push(L, "ERR " + problem);
        Lua.rawset(L, -3);
        return LuaState.FAILED;
    }

    /** Answers what is wrong, or null. */
    private String register(long L, int count) {
        if (count < 1 || count > 2) {
            return "wrong number of arguments to " + NAME;
        }
        if (count == 1) {
            return Lua.type(L, 1) == Lua.TABLE
                    ? registerNamed(L)
                    : "calling " + NAME + " with a single argument is only applicable to Lua table (representing named"
                            + " arguments).";
        }
        if (!isText(L, 1)) {
            return "first argument to " + NAME + " must be a string";
        }
        if (Lua.type(L, 2) != FUNCTION) {
            return "second argument to " + NAME + " must be a function";
        }
        return add(L, text(L, 1), 2, 0, null);
    }

    private static boolean isText(long L, int index) {
        int type = Lua.type(L, index);
        return type == Lua.STRING || type == Lua.NUMBER;
    }

    private static String text(long L, int index) {
        Lua.pushvalue(L, index);
        Lua.tolstring(L, -1, 0);
        String text = LuaState.text(L, -1, MOST_TEXT + 1);
        Lua.pop(L, 1);
        return text;
    }

    private String registerNamed(long L) {
        String name = null;
        String description = null;
        int callback = 0;
        int flags = 0;
        Lua.pushnil(L); // 2: the key, 3: the value, 4: the callback once it was found
        Lua.insert(L, 2);
        Lua.settop(L, 2);
        Lua.createtable(L, 1, 0); // 3: keeps the callback
        Lua.pushvalue(L, 2);
        while (Lua.next(L, 1) != 0) {
            if (!isText(L, 4)) {
                return "named argument key given to " + NAME + " is not a string";
            }
            switch (text(L, 4)) {
                case "function_name" -> {
                    if (!isText(L, 5)) {
                        return "function_name argument given to " + NAME + " must be a string";
                    }
                    name = text(L, 5);
                }
                case "description" -> {
                    if (!isText(L, 5)) {
                        return "description argument given to " + NAME + " must be a string";
                    }
                    description = text(L, 5);
                }
                case "callback" -> {
                    if (Lua.type(L, 5) != FUNCTION) {
                        return "callback argument given to " + NAME + " must be a function";
                    }
                    Lua.pushvalue(L, 5);
                    Lua.rawseti(L, 3, 1);
                    callback = 1;
                }
                case "flags" -> {
                    if (Lua.type(L, 5) != Lua.TABLE) {
                        return "flags argument to " + NAME + " must be a table representing function flags";
                    }
                    flags = flags(L, 5);
                    if (flags < 0) {
                        return "unknown flag given";
                    }
                }
                default -> {
                    return "unknown argument given to " + NAME;
                }
            }
            Lua.settop(L, 4);
        }
        if (name == null) {
            return NAME + " must get a function name argument";
        }
        if (callback == 0) {
            return NAME + " must get a callback argument";
        }
        Lua.rawgeti(L, 3, 1);
        return add(L, name, Lua.gettop(L), flags, description);
    }

    private static int flags(long L, int table) {
        int bits = 0;
        for (int i = 1; ; i++) {
            Lua.rawgeti(L, table, i);
            int type = Lua.type(L, -1);
            if (type == Lua.NIL) {
                return bits;
            }
            int bit = type == Lua.STRING ? ScriptFlags.bit(LuaState.text(L, -1, LuaError.LONGEST)) : 0;
            if (bit == 0) {
                return -1;
            }
            bits |= bit;
            Lua.pop(L, 1);
        }
    }

    private String add(long L, String name, int callback, int flags, String description) {
        if (!LibraryCode.isName(name)) {
            return "Library names can only contain letters, numbers, or underscores(_) and must be at least one"
                    + " character long";
        }
        if (registered.stream().anyMatch(f -> f.name().equalsIgnoreCase(name))) {
            return "Function already exists in the library";
        }
        held += AROUND + name.length() + (description == null ? 0 : description.length());
        if (held > MOST_TEXT) {
            return "The functions of a library and their descriptions may have " + MOST_TEXT + " bytes";
        }
        Lua.pushvalue(L, callback);
        registered.add(new Function(name, keep.applyAsInt(L), new ScriptFlags(true, flags), description));
        return null;
    }
}
