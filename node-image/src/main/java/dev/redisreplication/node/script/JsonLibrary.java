package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.lua.LuaState;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.DoubleText;
import dev.redisreplication.node.resp.NativeBuffer;

/** The table {@code cjson}. Its settings hold until they are changed, for all scripts, as in Redis. */
final class JsonLibrary implements Library {
    private static final String[] FUNCTIONS = {
        "encode",
        "decode",
        "encode_sparse_array",
        "encode_max_depth",
        "decode_max_depth",
        "encode_number_precision",
        "encode_keep_buffer",
        "encode_invalid_numbers",
        "decode_invalid_numbers",
    };
    private static final LuaName INDEX = new LuaName("__index");
    private static final LuaName METATABLE = new LuaName("__metatable");
    private static final int MOST_DIGITS = 14;
    private static final int OFF = 0;
    private static final int ON = 1;
    private static final int NULL = 2;

    private final JsonReader reader = new JsonReader();
    private NativeBuffer out = new NativeBuffer(256);
    private boolean convertSparse;
    private int sparseRatio = 2;
    private int sparseSafe = 10;
    private int encodeDepth = 1000;
    private int digits = MOST_DIGITS;
    private boolean keepBuffer = true;
    private int invalidNumbers = OFF;

    @Override
    public String[] functions() {
        return FUNCTIONS;
    }

    @Override
    public void constants(long L) {
        LuaState.push(L, "null");
        Lua.pushlightuserdata(L, 0);
        Lua.rawset(L, -3);
        LuaState.push(L, "_NAME");
        LuaState.push(L, "cjson");
        Lua.rawset(L, -3);
        LuaState.push(L, "_VERSION");
        LuaState.push(L, "2.1.0");
        Lua.rawset(L, -3);
    }

    @Override
    public int call(int index, long L) {
        String name = FUNCTIONS[index];
        int count = Lua.gettop(L);
        int most = index == 2 ? 3 : 1;
        if (index < 2 ? count != 1 : count > most) {
            throw Arguments.bad(
                    index < 2 ? 1 : most + 1, name, index < 2 ? "expected 1 argument" : "found too many arguments");
        }
        switch (index) {
            case 0 -> encode(L);
            case 1 -> reader.read(L);
            case 2 -> {
                convertSparse = truth(L, 1, name, convertSparse);
                sparseRatio = whole(L, 2, name, sparseRatio, 0, Integer.MAX_VALUE);
                sparseSafe = whole(L, 3, name, sparseSafe, 0, Integer.MAX_VALUE);
                Lua.pushboolean(L, convertSparse ? 1 : 0);
                Lua.pushnumber(L, sparseRatio);
                Lua.pushnumber(L, sparseSafe);
                return 3;
            }
            case 3 -> encodeDepth = answer(L, whole(L, 1, name, encodeDepth, 1, Integer.MAX_VALUE));
            case 4 -> reader.deepest(answer(L, whole(L, 1, name, reader.deepest(), 1, Integer.MAX_VALUE)));
            case 5 -> digits = answer(L, whole(L, 1, name, digits, 1, MOST_DIGITS));
            case 6 -> {
                keepBuffer = truth(L, 1, name, keepBuffer);
                Lua.pushboolean(L, keepBuffer ? 1 : 0);
            }
            case 7 -> encodeInvalid(L, name);
            default -> {
                reader.takesInvalidNumbers(truth(L, 1, name, reader.takesInvalidNumbers()));
                Lua.pushboolean(L, reader.takesInvalidNumbers() ? 1 : 0);
            }
        }
        return 1;
    }

    private static int answer(long L, int value) {
        Lua.pushnumber(L, value);
        return value;
    }

    private static int whole(long L, int n, String function, int now, int least, int most) {
        if (Lua.type(L, n) <= Lua.NIL) {
            return now;
        }
        double value = (long) Arguments.number(L, n, function);
        if (value < least || value > most) {
            throw Arguments.bad(n, function, "expected integer between " + least + " and " + most);
        }
        return (int) value;
    }

    private static boolean truth(long L, int n, String function, boolean now) {
        int type = Lua.type(L, n);
        if (type <= Lua.NIL) {
            return now;
        }
        if (type == Lua.BOOLEAN) {
            return Lua.toboolean(L, n) != 0;
        }
        String word = word(L, n, function);
        if (word.equals("on") || word.equals("off")) {
            return word.equals("on");
        }
        throw invalid(n, function, word);
    }

    private static String word(long L, int n, String function) {
        Arguments.string(L, n, function);
        return LuaState.text(L, n, LuaError.LONGEST);
    }

    private static LuaError invalid(int n, String function, String word) {
        return Arguments.bad(n, function, "invalid option '" + word + "'");
    }

    private void encodeInvalid(long L, String name) {
        int type = Lua.type(L, 1);
        if (type == Lua.BOOLEAN) {
            invalidNumbers = Lua.toboolean(L, 1) != 0 ? ON : OFF;
        } else if (type > Lua.NIL) {
            String word = word(L, 1, name);
            invalidNumbers = switch (word) {
                case "off" -> OFF;
                case "on" -> ON;
                case "null" -> NULL;
                default -> throw invalid(1, name, word);
            };
        }
        if (invalidNumbers == NULL) {
            LuaState.push(L, "null");
        } else {
            Lua.pushboolean(L, invalidNumbers);
        }
    }

    private void encode(long L) {
        out.clear();
        try {
            value(L, 0);
            Lua.pushlstring(L, out.address(), out.readable());
        } finally {
            out = Packing.next(out);
        }
    }

    /** Writes the value on top, which stays. */
    private void value(long L, int depth) {
        Packing.requireRoom(out, 0);
        switch (Lua.type(L, -1)) {
            case Lua.STRING -> string(L);
            case Lua.NUMBER -> number(L);
            case Lua.BOOLEAN -> out.put(Lua.toboolean(L, -1) != 0 ? "true" : "false");
            case Lua.TABLE -> table(L, depth + 1);
            case Lua.NIL -> out.put("null");
            case Lua.LIGHT_USERDATA -> {
                if (Lua.touserdata(L, -1) != 0) {
                    throw unsupported(L, "type not supported");
                }
                out.put("null");
            }
            default -> throw unsupported(L, "type not supported");
        }
    }

    private static LuaError unsupported(long L, String why) {
        return new LuaError("Cannot serialise " + Arguments.type(L, -1) + ": " + why);
    }

    private void number(long L) {
        double n = Lua.tonumber(L, -1);
        if (Double.isNaN(n) || Double.isInfinite(n)) {
            if (invalidNumbers == OFF) {
                throw unsupported(L, "must not be NaN or Inf");
            }
            if (invalidNumbers == NULL) {
                out.put("null");
                return;
            }
        }
        out.put(DoubleText.of(n, digits));
    }

    private void string(long L) {
        long at = Lua.tolstring(L, -1, 0);
        int length = (int) Lua.objlen(L, -1);
        Packing.requireRoom(out, length);
        out.put('"');
        int plain = 0; // from here on nothing had to be escaped
        for (int i = 0; i < length; i++) {
            int c = Memory.getUnsignedByte(at + i);
            if (c >= ' ' && c != '"' && c != '\\' && c != '/' && c != 0x7f) {
                continue;
            }
            out.put(at + plain, i - plain);
            plain = i + 1;
            escape(c);
            Packing.requireRoom(out, length - plain);
        }
        out.put(at + plain, length - plain);
        out.put('"');
    }

    private void escape(int c) {
        switch (c) {
            case '"', '\\', '/' -> {
                out.put('\\');
                out.put(c);
            }
            case '\b' -> out.put("\\b");
            case '\t' -> out.put("\\t");
            case '\n' -> out.put("\\n");
            case '\f' -> out.put("\\f");
            case '\r' -> out.put("\\r");
            default -> {
                out.put("\\u00");
                out.put(Character.forDigit(c >> 4, 16));
                out.put(Character.forDigit(c & 0xf, 16));
            }
        }
    }

    private void table(long L, int depth) {
        if (depth > encodeDepth || Lua.checkstack(L, 5) == 0) {
            throw new LuaError("Cannot serialise, excessive nesting (" + depth + ")");
        }
        int length = arrayLength(L);
        if (length > 0) {
            array(L, length, depth);
        } else if (length == 0 && pushProtected(L)) {
            table(L, depth);
            Lua.pop(L, 1);
        } else {
            object(L, depth);
        }
    }

    /** Pushes the table that an empty one of the sandbox stands for: a library, or the globals. False if it stands for none. */
    private static boolean pushProtected(long L) {
        if (Lua.getmetatable(L, -1) == 0) {
            return false;
        }
        METATABLE.push(L);
        Lua.rawget(L, -2);
        INDEX.push(L);
        Lua.rawget(L, -3);
        if (Lua.type(L, -1) == Lua.TABLE && Lua.type(L, -2) == Lua.TABLE) {
            Lua.insert(L, -3);
            Lua.pop(L, 2);
            return true;
        }
        Lua.pop(L, 3);
        return false;
    }

    /** The greatest index of what is an array, 0 if it is empty, or -1. */
    private int arrayLength(long L) {
        long most = 0;
        long count = 0;
        Lua.pushnil(L);
        while (Lua.next(L, -2) != 0) {
            Lua.pop(L, 1);
            long key = Packing.positiveWhole(L, -1);
            if (key == 0) {
                Lua.pop(L, 1);
                return -1;
            }
            most = Math.max(most, key);
            count++;
        }
        if (sparseRatio > 0 && most > count * sparseRatio && most > sparseSafe) {
            if (!convertSparse) {
                throw unsupported(L, "excessively sparse array");
            }
            return -1;
        }
        return (int) most;
    }

    private void array(long L, int length, int depth) {
        out.put('[');
        for (int i = 1; i <= length; i++) {
            if (i > 1) {
                out.put(',');
            }
            Lua.rawgeti(L, -1, i);
            value(L, depth);
            Lua.pop(L, 1);
        }
        out.put(']');
    }

    private void object(long L, int depth) {
        out.put('{');
        boolean first = true;
        Lua.pushnil(L);
        while (Lua.next(L, -2) != 0) {
            if (!first) {
                out.put(',');
            }
            first = false;
            int type = Lua.type(L, -2);
            Lua.pushvalue(L, -2);
            if (type == Lua.NUMBER) {
                out.put('"');
                number(L);
                out.put('"');
            } else if (type == Lua.STRING) {
                string(L);
            } else {
                throw unsupported(L, "table key must be a number or string");
            }
            Lua.pop(L, 1);
            out.put(':');
            value(L, depth);
            Lua.pop(L, 1);
        }
        out.put('}');
    }
}
