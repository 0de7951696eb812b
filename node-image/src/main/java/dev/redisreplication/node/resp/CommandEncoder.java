package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Decimal;

/**
 * Commands as they go to another node and into the log: arrays of bulk strings. The only place that writes them. A command is
 * {@link #begin} and exactly as many arguments as that announced.
 */
public final class CommandEncoder {
    private CommandEncoder() {}

    /** Begins a command of {@code argc} arguments, its name included. */
    public static void begin(NativeBuffer out, int argc) {
        out.put('*');
        number(out, argc);
    }

    /** An argument of native bytes. */
    public static void arg(NativeBuffer out, long address, int length) {
        out.put('$');
        number(out, length);
        out.put(address, length);
        out.put("\r\n");
    }

    /** An argument of bytes. */
    public static void arg(NativeBuffer out, byte[] bytes) {
        out.put('$');
        number(out, bytes.length);
        out.put(bytes);
        out.put("\r\n");
    }

    /** An argument of text, in the bytes that {@link ByteText} makes of it. */
    public static void arg(NativeBuffer out, String text) {
        arg(out, ByteText.bytes(text));
    }

    /** A decimal argument. */
    public static void arg(NativeBuffer out, long value) {
        out.put('$');
        number(out, Decimal.length(value));
        number(out, value);
    }

    /** A whole command that came from a client, which may have written it in another way. */
    public static void command(NativeBuffer out, Request request) {
        begin(out, request.argc());
        for (int i = 0; i < request.argc(); i++) {
            arg(out, request.address(i), request.length(i));
        }
    }

    /** A whole command of these words, for what is not on the hot path. */
    public static byte[] command(String... words) {
        try (NativeBuffer out = new NativeBuffer(64)) {
            begin(out, words.length);
            for (String word : words) {
                arg(out, word);
            }
            return Ascii.bytes(out.address(), out.readable());
        }
    }

    private static void number(NativeBuffer out, long value) {
        out.putDecimal(value);
        out.put("\r\n");
    }
}
