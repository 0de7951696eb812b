package dev.redisreplication.node.script;

import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaState;
import java.util.HexFormat;
import java.util.Locale;

/** The table {@code bit}: operations on the 32 low bits of numbers. */
final class BitLibrary implements Library {
    private static final String[] FUNCTIONS = {
        "tobit", "bnot", "band", "bor", "bxor", "lshift", "rshift", "arshift", "rol", "ror", "bswap", "tohex"
    };
    /** Added to a number, its rounded value stands in the low bits of the sum. */
    private static final double SHIFT = 6755399441055744.0;

    private static final int DIGITS = 8;

    @Override
    public String[] functions() {
        return FUNCTIONS;
    }

    private static int bits(long L, int n, String function) {
        return (int) Double.doubleToRawLongBits(Arguments.number(L, n, function) + SHIFT);
    }

    @Override
    public int call(int index, long L) {
        String name = FUNCTIONS[index];
        int x = bits(L, 1, name);
        if (index >= 2 && index <= 4) {
            int count = Lua.gettop(L);
            for (int i = 2; i <= count; i++) {
                int y = bits(L, i, name);
                x = index == 2 ? x & y : index == 3 ? x | y : x ^ y;
            }
        } else if (index >= 5 && index <= 9) {
            int by = bits(L, 2, name) & 31;
            x = switch (index) {
                case 5 -> x << by;
                case 6 -> x >>> by;
                case 7 -> x >> by;
                case 8 -> Integer.rotateLeft(x, by);
                default -> Integer.rotateRight(x, by);
            };
        } else if (index == 1) {
            x = ~x;
        } else if (index == 10) {
            x = Integer.reverseBytes(x);
        } else if (index == 11) {
            LuaState.push(L, hex(x, Lua.gettop(L) < 2 ? DIGITS : bits(L, 2, name)));
            return 1;
        }
        Lua.pushnumber(L, x);
        return 1;
    }

    /** The last {@code digits} digits; in upper case where that is negative. */
    private static String hex(int x, int digits) {
        String text = HexFormat.of().toHexDigits(x);
        int shown = digits == Integer.MIN_VALUE ? DIGITS : Math.min(Math.abs(digits), DIGITS);
        text = text.substring(DIGITS - shown);
        return digits < 0 ? text.toUpperCase(Locale.ROOT) : text;
    }
}
