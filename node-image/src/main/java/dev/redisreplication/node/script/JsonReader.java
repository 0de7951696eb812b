package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import java.nio.charset.StandardCharsets;

/** Makes Lua's values of JSON. Takes what cjson takes: also numbers that are none in JSON, unless they are forbidden. */
final class JsonReader {
    private enum Token {
        OBJ_BEGIN,
        OBJ_END,
        ARR_BEGIN,
        ARR_END,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL,
        COLON,
        COMMA,
        END,
        ERROR
    }

    private final NativeBuffer string = new NativeBuffer(256);
    private int deepest = 1000;
    private boolean takesInvalid = true;

    private long data;
    private int length;
    private int at;
    private int depth;
    private int begin; // of the token, or where it is wrong
    private String problem;
    private double number;
    private boolean truth;

    int deepest() {
        return deepest;
    }

    void deepest(int levels) {
        deepest = levels;
    }

    boolean takesInvalidNumbers() {
        return takesInvalid;
    }

    void takesInvalidNumbers(boolean on) {
        takesInvalid = on;
    }

    /** Pushes the value of argument 1. */
    void read(long L) {
        Arguments.string(L, 1, "decode");
        data = Lua.tolstring(L, 1, 0);
        length = (int) Lua.objlen(L, 1);
        at = 0;
        depth = 0;
        if (length >= 2 && (byteAt(0) == 0 || byteAt(1) == 0)) {
            throw new LuaError("JSON parser does not support UTF-16 or UTF-32");
        }
        value(L, next());
        Token end = next();
        if (end != Token.END) {
            throw unexpected("the end", end);
        }
    }

    /** The byte there; 0 behind the end. */
    private int byteAt(int i) {
        return i < length ? Memory.getUnsignedByte(data + i) : 0;
    }

    private LuaError unexpected(String expected, Token found) {
        return new LuaError("Expected " + expected + " but found " + (found == Token.ERROR ? problem : "T_" + found)
                + " at character " + (begin + 1));
    }

    private void value(long L, Token token) {
        switch (token) {
            case STRING -> Lua.pushlstring(L, string.address(), string.readable());
            case NUMBER -> Lua.pushnumber(L, number);
            case BOOLEAN -> Lua.pushboolean(L, truth ? 1 : 0);
            case NULL -> Lua.pushlightuserdata(L, 0);
            case OBJ_BEGIN -> object(L);
            case ARR_BEGIN -> array(L);
            default -> throw unexpected("value", token);
        }
    }

    private void descend(long L) {
        if (++depth > deepest || Lua.checkstack(L, 4) == 0) {
            throw new LuaError("Found too many nested data structures (" + depth + ") at character " + at);
        }
    }

    private void object(long L) {
        descend(L);
        Lua.createtable(L, 0, 0);
        Token token = next();
        if (token == Token.OBJ_END) {
            depth--;
            return;
        }
        while (true) {
            if (token != Token.STRING) {
                throw unexpected("object key string", token);
            }
            Lua.pushlstring(L, string.address(), string.readable());
            token = next();
            if (token != Token.COLON) {
                throw unexpected("colon", token);
            }
            value(L, next());
            Lua.rawset(L, -3);
            token = next();
            if (token == Token.OBJ_END) {
                depth--;
                return;
            }
            if (token != Token.COMMA) {
                throw unexpected("comma or object end", token);
            }
            token = next();
        }
    }

    private void array(long L) {
        descend(L);
        Lua.createtable(L, 0, 0);
        Token token = next();
        if (token == Token.ARR_END) {
            depth--;
            return;
        }
        for (int i = 1; ; i++) {
            value(L, token);
            Lua.rawseti(L, -2, i);
            token = next();
            if (token == Token.ARR_END) {
                depth--;
                return;
            }
            if (token != Token.COMMA) {
                throw unexpected("comma or array end", token);
            }
            token = next();
        }
    }

    private Token next() {
        int c = byteAt(at);
        while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            c = byteAt(++at);
        }
        begin = at;
        Token single =
                switch (c) {
                    case '{' -> Token.OBJ_BEGIN;
                    case '}' -> Token.OBJ_END;
                    case '[' -> Token.ARR_BEGIN;
                    case ']' -> Token.ARR_END;
                    case ',' -> Token.COMMA;
                    case ':' -> Token.COLON;
                    default -> null;
                };
        if (single != null) {
            at++;
            return single;
        }
        if (c == 0) {
            return Token.END;
        }
        if (c == '"') {
            return string();
        }
        if (c == '-' || c >= '0' && c <= '9') {
            return !takesInvalid && isInvalidNumber() ? wrong("invalid number", at) : number();
        }
        if (word("true") || word("false")) {
            truth = c == 't';
            at += truth ? 4 : 5;
            return Token.BOOLEAN;
        }
        if (word("null")) {
            at += 4;
            return Token.NULL;
        }
        return takesInvalid && isInvalidNumber() ? number() : wrong("invalid token", at);
    }

    private Token wrong(String what, int where) {
        problem = what;
        begin = where;
        return Token.ERROR;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (byteAt(at + i) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean wordInAnyCase(int from, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (Character.toLowerCase(byteAt(from + i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a number for C, but not in JSON. */
    private boolean isInvalidNumber() {
        int i = at;
        if (byteAt(i) == '+') {
            return true;
        }
        if (byteAt(i) == '-') {
            i++;
        }
        if (byteAt(i) == '0') {
            int second = byteAt(i + 1);
            return second == 'x' || second == 'X' || second >= '0' && second <= '9';
        }
        return byteAt(i) > '9' && (wordInAnyCase(i, "inf") || wordInAnyCase(i, "nan"));
    }

    /** The longest number that begins here, as C's strtod reads it. */
    private Token number() {
        int i = at;
        boolean negative = byteAt(i) == '-';
        if (negative || byteAt(i) == '+') {
            i++;
        }
        double value;
        if (wordInAnyCase(i, "inf")) {
            value = Double.POSITIVE_INFINITY;
            i += wordInAnyCase(i, "infinity") ? 8 : 3;
        } else if (wordInAnyCase(i, "nan")) {
            value = Double.NaN;
            i += 3;
        } else {
            boolean hex = byteAt(i) == '0' && (byteAt(i + 1) | 0x20) == 'x' && Character.digit(byteAt(i + 2), 16) >= 0;
            int end = hex ? digits(i + 2, 16) : digits(i, 10);
            if (end == i || end - i > LuaError.LONGEST) { // parsing takes the heap
                return wrong("invalid number", at);
            }
            String text = new String(Memory.bytes(data + i, end - i), StandardCharsets.US_ASCII);
            value = Double.parseDouble(hex && text.indexOf('p') < 0 && text.indexOf('P') < 0 ? text + "p0" : text);
            i = end;
        }
        number = negative ? -value : value;
        at = i;
        return Token.NUMBER;
    }

    /** Where the number ends whose digits begin at {@code i}; {@code i} itself if there are none. */
    private int digits(int i, int radix) {
        int end = i;
        int seen = 0;
        boolean point = false;
        for (int c = byteAt(end); Character.digit(c, radix) >= 0 || c == '.' && !point; c = byteAt(++end)) {
            point |= c == '.';
            seen += c == '.' ? 0 : 1;
        }
        if (seen == 0) {
            return i;
        }
        if ((byteAt(end) | 0x20) == (radix == 16 ? 'p' : 'e')) {
            int from = end + 1;
            if (byteAt(from) == '-' || byteAt(from) == '+') {
                from++;
            }
            int last = from;
            while (byteAt(last) >= '0' && byteAt(last) <= '9') {
                last++;
            }
            end = last > from ? last : end;
        }
        return end;
    }

    private Token string() {
        string.clear();
        at++;
        int plain = at;
        for (int c = byteAt(at); c != '"'; c = byteAt(at)) {
            if (c == 0) {
                return wrong("unexpected end of string", at);
            }
            if (c != '\\') {
                at++;
                continue;
            }
            string.put(data + plain, at - plain);
            String bad = escape(byteAt(at + 1));
            if (bad != null) {
                return wrong(bad, at);
            }
            plain = at;
        }
        string.put(data + plain, at - plain);
        at++;
        return Token.STRING;
    }

    /** Reads what a backslash begins; answers what is wrong with it, or null. */
    private String escape(int c) {
        int plain =
                switch (c) {
                    case '"', '\\', '/' -> c;
                    case 'b' -> '\b';
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'f' -> '\f';
                    case 'r' -> '\r';
                    case 'u' -> 0;
                    default -> -1;
                };
        if (plain < 0) {
            return "invalid escape code";
        }
        if (plain > 0) {
            string.put(plain);
            at += 2;
            return null;
        }
        int unit = unit(at);
        int point = unit;
        int taken = 6;
        if (unit >= 0 && (unit & 0xf800) == 0xd800) {
            int low = byteAt(at + 6) == '\\' && byteAt(at + 7) == 'u' ? unit(at + 6) : -1;
            boolean pair = (unit & 0x400) == 0 && low >= 0 && (low & 0xfc00) == 0xdc00;
            point = pair ? 0x10000 + ((unit & 0x3ff) << 10 | low & 0x3ff) : -1;
            taken = 12;
        }
        if (point < 0) {
            return "invalid unicode escape code";
        }
        string.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        at += taken;
        return null;
    }

    /** The four hexadecimal digits of an escape that begins at {@code i}, or -1. */
    private int unit(int i) {
        int unit = 0;
        for (int k = 2; k < 6; k++) {
            int digit = Character.digit(byteAt(i + k), 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
