package dev.redisreplication.node.memory;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as text and back without loss. What is UTF-8 becomes the text that it is; a byte that is not becomes a lone surrogate,
 * U+DC80 to U+DCFF, which no UTF-8 can say. Passwords and names need not be UTF-8.
 */
public final class ByteText {
    private static final int ESCAPE = 0xdc00;
    private static final char REPLACEMENT = 0xfffd; // what a plain decoder writes for what is not UTF-8

    private ByteText() {}

    /** The text of these bytes. */
    public static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decode(bytes);
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE | (in.get() & 0xff)));
            }
            decoder.reset();
        }
    }

    /** The bytes that {@link #of} made this text from; text from elsewhere in UTF-8. */
    public static byte[] bytes(String text) {
        if (!hasEscapes(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer out = ByteBuffer.allocate(3 * text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isEscape(c)) {
                out.put((byte) c);
            } else {
                out.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private static boolean hasEscapes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isEscape(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a code point stands for a byte that is not UTF-8. */
    public static boolean isEscape(int codePoint) {
        return codePoint >= (ESCAPE | 0x80) && codePoint <= (ESCAPE | 0xff);
    }
}
