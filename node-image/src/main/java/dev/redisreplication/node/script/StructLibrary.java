package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;

/** The table {@code struct}: numbers and strings packed by a format, as in C's structures. */
final class StructLibrary implements Library {
    private static final String[] FUNCTIONS = {"pack", "unpack", "size"};
    private static final int MOST_INTEGER = 32; // bytes
    private static final int MOST_ALIGNED = 8;

    /** Reads a format, option by option. */
    private static final class Format {
        private final long text;
        private final long length;
        private final String function;
        private int at;
        boolean little = true;
        private int align = 1;

        /** The option that {@link #next} found. */
        char option;

        /** Bytes of it; 0 where it has no size of its own. */
        int size;

        Format(long L, String function) {
            Arguments.string(L, 1, function);
            text = Lua.tolstring(L, 1, 0);
            length = Lua.objlen(L, 1);
            this.function = function;
        }

        /** The character there; NUL, which ends a format, behind the last one. */
        private char charAt(int i) {
            return i < length ? (char) Memory.getUnsignedByte(text + i) : 0;
        }

        boolean next() {
            option = charAt(at);
            if (option == 0) {
                return false;
            }
            at++;
            size = switch (option) {
                case 'b', 'B', 'x' -> 1;
                case 'h', 'H' -> 2;
                case 'f' -> 4;
                case 'l', 'L', 'T', 'd' -> 8;
                case 'c' -> number(1);
                case 'i', 'I' -> integerSize();
                default -> 0;
            };
            return true;
        }

        private int integerSize() {
            int bytes = number(4);
            if (bytes > MOST_INTEGER) {
                throw new LuaError("integral size " + bytes + " is larger than limit of " + MOST_INTEGER);
            }
            return bytes;
        }

        private int number(int otherwise) {
            if (!isDigit(charAt(at))) {
                return otherwise;
            }
            long number = 0;
            while (isDigit(charAt(at))) {
                number = 10 * number + charAt(at++) - '0';
                if (number > Integer.MAX_VALUE) {
                    throw new LuaError("integral size overflow");
                }
            }
            return (int) number;
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        /** Bytes to pass by before the option, at a position. */
        int padding(long position) {
            if (size == 0 || option == 'c') {
                return 0;
            }
            int bound = Math.min(size, align);
            return (int) (bound - (position & bound - 1) & bound - 1);
        }

        /** An option that says how the others are meant. */
        void control() {
            switch (option) {
                case ' ' -> {}
                case '>' -> little = false;
                case '<' -> little = true;
                case '!' -> {
                    int to = number(MOST_ALIGNED);
                    if (to <= 0 || (to & to - 1) != 0) {
                        throw new LuaError("alignment " + to + " is not a power of 2");
                    }
                    align = to;
                }
                default -> throw bad("invalid format option '" + option + "'");
            }
        }

        LuaError bad(String problem) {
            return Arguments.bad(1, function, problem);
        }

        boolean isInteger() {
            return "bBhHlLTiI".indexOf(option) >= 0;
        }
    }

    private NativeBuffer out = new NativeBuffer(256);

    @Override
    public String[] functions() {
        return FUNCTIONS;
    }

    @Override
    public int call(int index, long L) {
        return switch (index) {
            case 0 -> pack(L);
            case 1 -> unpack(L);
            default -> size(L);
        };
    }

    private int pack(long L) {
        out.clear();
        try {
            write(L);
            Lua.pushlstring(L, out.address(), out.readable());
        } finally {
            out = Packing.next(out);
        }
        return 1;
    }

    private void write(long L) {
        Format format = new Format(L, "pack");
        Lua.pushnil(L); // what is missing behind the arguments is nil
        int arg = 2;
        while (format.next()) {
            zeros(format.padding(out.readable()));
            if (format.isInteger()) {
                integer(format, Arguments.number(L, arg++, "pack"));
            } else if (format.option == 'x') {
                out.put(0);
            } else if (format.option == 'f') {
                putWord(format, Float.floatToRawIntBits((float) Arguments.number(L, arg++, "pack")), 4);
            } else if (format.option == 'd') {
                putWord(format, Double.doubleToRawLongBits(Arguments.number(L, arg++, "pack")), 8);
            } else if (format.option == 'c' || format.option == 's') {
                Arguments.string(L, arg, "pack");
                long at = Lua.tolstring(L, arg, 0);
                int length = (int) Lua.objlen(L, arg++);
                int size = format.size == 0 ? length : format.size;
                if (length < size) {
                    throw Arguments.bad(arg, "pack", "string too short");
                }
                Packing.requireRoom(out, size);
                out.put(at, size);
                if (format.option == 's') {
                    out.put(0);
                }
            } else {
                format.control();
            }
        }
    }

    private void zeros(int count) {
        for (int i = 0; i < count; i++) {
            out.put(0);
        }
    }

    private void integer(Format format, double number) {
        long value = number >= 0x1p63 ? Arguments.whole(number - 0x1p63) ^ Long.MIN_VALUE : Arguments.whole(number);
        putWord(format, value, format.size);
    }

    private void putWord(Format format, long value, int size) {
        for (int i = 0; i < size; i++) {
            int shift = 8 * (format.little ? i : size - 1 - i);
            out.put((int) (shift < 64 ? value >>> shift : 0) & 0xff);
        }
    }

    private static int unpack(long L) {
        Format format = new Format(L, "unpack");
        Arguments.string(L, 2, "unpack");
        long data = Lua.tolstring(L, 2, 0);
        long length = Lua.objlen(L, 2);
        long position = Lua.type(L, 3) <= Lua.NIL ? 1 : (long) Arguments.number(L, 3, "unpack");
        if (position == 0) {
            throw Arguments.bad(3, "unpack", "offset must be 1 or greater");
        }
        position--;
        Lua.settop(L, 2);
        int results = 0;
        while (format.next()) {
            position += position < 0 ? 0 : format.padding(position);
            long size = format.size;
            check(position, size, length);
            if (Lua.checkstack(L, 2) == 0) {
                throw new LuaError("stack overflow (too many results)");
            }
            if (format.isInteger()) {
                Lua.pushnumber(L, integer(format, data + position));
                results++;
            } else if (format.option == 'f') {
                Lua.pushnumber(L, Float.intBitsToFloat((int) word(format, data + position, 4)));
                results++;
            } else if (format.option == 'd') {
                Lua.pushnumber(L, Double.longBitsToDouble(word(format, data + position, 8)));
                results++;
            } else if (format.option == 'c') {
                if (size == 0) {
                    if (results == 0 || Lua.isnumber(L, -1) == 0) {
                        throw new LuaError("format 'c0' needs a previous size");
                    }
                    size = (long) Lua.tonumber(L, -1);
                    Lua.pop(L, 1);
                    results--;
                    check(position, size, length);
                }
                Lua.pushlstring(L, data + position, size);
                results++;
            } else if (format.option == 's') {
                while (position + size < length && Memory.getByte(data + position + size) != 0) {
                    size++;
                }
                if (position + size >= length) {
                    throw new LuaError("unfinished string in data");
                }
                Lua.pushlstring(L, data + position, size++);
                results++;
            } else if (format.option != 'x') {
                format.control();
            }
            position += size;
        }
        Lua.pushnumber(L, (double) (position + 1));
        return results + 1;
    }

    private static void check(long position, long size, long length) {
        if (position < 0 || size < 0 || size > length || position > length - size) {
            throw Arguments.bad(2, "unpack", "data string too short");
        }
    }

    private static double integer(Format format, long at) {
        long value = word(format, at, format.size);
        if (Character.isLowerCase(format.option)) {
            int unused = 64 - 8 * Math.min(format.size, 8);
            return value << unused >> unused;
        }
        return value >= 0 ? value : (value >>> 1 | value & 1) * 2.0;
    }

    private static long word(Format format, long at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | Memory.getUnsignedByte(at + (format.little ? size - 1 - i : i));
        }
        return value;
    }

    private static int size(long L) {
        Format format = new Format(L, "size");
        long position = 0;
        while (format.next()) {
            position += format.padding(position);
            if (format.option == 's') {
                throw format.bad("option 's' has no fixed size");
            } else if (format.option == 'c' && format.size == 0) {
                throw format.bad("option 'c0' has no fixed size");
            }
            if (!Character.isLetterOrDigit(format.option)) {
                format.control();
            }
            position += format.size;
        }
        Lua.pushnumber(L, (double) position);
        return 1;
    }
}
