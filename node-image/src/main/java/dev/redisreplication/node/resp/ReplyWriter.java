package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Writes replies into a connection's output buffer, in RESP2 or RESP3 as the client asked by HELLO. Types that RESP2
 * lacks are written the way Redis writes them there: a map as a flat array, a set as an array, a double and a big text
 * as a bulk, a boolean as an integer.
 */
public final class ReplyWriter {
    private static final long OK = 0x0a0d_4b4f2bL; // "+OK\r\n" with its first byte lowest
    private static final long CRLF = 0x0a0dL;
    private static final int REMEMBERED = 256; // characters of an error that every client may leave on the heap

    private NativeBuffer out;
    private boolean resp3;
    private int errors;
    private String lastError;

    /** A writer into {@code out}; null until {@link #target} says where to. */
    public ReplyWriter(NativeBuffer out) {
        this.out = out;
    }

    /** Turns the writer to another buffer. */
    public void target(NativeBuffer buffer) {
        this.out = buffer;
    }

    /** The buffer that is written to. */
    public NativeBuffer buffer() {
        return out;
    }

    /** Chooses the protocol: 2 or 3. */
    public void protocol(int version) {
        resp3 = version == 3;
    }

    /** Whether the client speaks RESP3. */
    public boolean resp3() {
        return resp3;
    }

    /** Number of error replies written so far; the dispatcher compares it before and after a command. */
    public int errors() {
        return errors;
    }

    /** Text of the last error written, as far as it is needed to tell which one it was, or null. */
    public String lastError() {
        return lastError;
    }

    /** {@code +OK}. */
    public void ok() {
        out.putPacked(OK, 5);
    }

    /** A status such as {@code +PONG}; {@code text} must not contain a line break. */
    public void simple(String text) {
        out.put('+');
        out.put(text);
        crlf();
    }

    /**
     * An error; {@code text} begins with its code ("ERR ..."). Its characters are bytes (ISO-8859-1), as what a client sent
     * comes back in it unchanged; line breaks at its end are dropped, others become spaces.
     */
    public void error(String text) {
        errors++;
        lastError = text.length() > REMEMBERED ? text.substring(0, REMEMBERED) : text;
        out.put('-');
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            int end = text.length();
            while (end > 0 && isLineBreak(text.charAt(end - 1))) {
                end--;
            }
            out.putLatin(text.substring(0, end).replace('\n', ' ').replace('\r', ' '));
        } else {
            out.putLatin(text);
        }
        crlf();
    }

    /** As {@link #error(String)}, of bytes outside of the heap, with {@code rest} behind them; there may be many. */
    public void error(long address, int length, String rest) {
        errors++;
        lastError = new String(Memory.bytes(address, Math.min(length, REMEMBERED)), StandardCharsets.ISO_8859_1);
        int end = length;
        while (rest.isEmpty() && end > 0 && isLineBreak(Memory.getByte(address + end - 1))) {
            end--;
        }
        out.put('-');
        line(address, end);
        out.putLatin(rest);
        crlf();
    }

    /** As {@link #simple(String)}, of bytes outside of the heap; line breaks become spaces. */
    public void simple(long address, int length) {
        out.put('+');
        line(address, length);
        crlf();
    }

    private void line(long address, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (isLineBreak(Memory.getByte(address + i))) {
                out.put(address + from, i - from);
                out.put(' ');
                from = i + 1;
            }
        }
        out.put(address + from, length - from);
    }

    private static boolean isLineBreak(int c) {
        return c == '\n' || c == '\r';
    }

    /** An integer. */
    public void integer(long value) {
        header(':', value);
    }

    /** A bulk of {@code length} bytes at {@code address}. */
    public void bulk(long address, int length) {
        out.ensure(length + 32);
        header('$', length);
        out.put(address, length);
        crlf();
    }

    /** A bulk of {@code bytes}. */
    public void bulk(byte[] bytes) {
        header('$', bytes.length);
        out.put(bytes);
        crlf();
    }

    /** A bulk of {@code text}, which is UTF-8 or {@link ByteText}. */
    public void bulk(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                bulk(ByteText.bytes(text));
                return;
            }
        }
        header('$', text.length());
        out.put(text);
        crlf();
    }

    /** A bulk of {@code value} in decimal. */
    public void bulk(long value) {
        header('$', Decimal.length(value));
        out.putDecimal(value);
        crlf();
    }

    /** No value: {@code $-1} or {@code _}. */
    public void nil() {
        if (resp3) {
            out.putPacked(0x0a0d5fL, 3);
        } else {
            out.putPacked(0x0a0d_312d24L, 5);
        }
    }

    /** No array: {@code *-1} or {@code _}. */
    public void nilArray() {
        if (resp3) {
            out.putPacked(0x0a0d5fL, 3);
        } else {
            out.putPacked(0x0a0d_312d2aL, 5);
        }
    }

    /** Begins an array of {@code n} elements. */
    public void array(int n) {
        header('*', n);
    }

    /** Begins a map of {@code pairs} keys, each followed by its value. */
    public void map(int pairs) {
        if (resp3) {
            header('%', pairs);
        } else {
            header('*', 2L * pairs);
        }
    }

    /** Begins a set of {@code n} elements. */
    public void set(int n) {
        header(resp3 ? '~' : '*', n);
    }

    /** Begins a message out of band of {@code n} elements (an array in RESP2). */
    public void push(int n) {
        header(resp3 ? '>' : '*', n);
    }

    /** A double, printed as Redis 7.0 does ({@link DoubleText}). */
    public void doubleValue(double value) {
        decimal(DoubleText.of(value));
    }

    /** A number that is no integer, as the text says it. */
    public void decimal(String text) {
        if (resp3) {
            out.put(',');
            out.put(text);
            crlf();
        } else {
            bulk(text);
        }
    }

    /** A boolean: {@code #t} and {@code #f}, in RESP2 1 and 0. */
    public void bool(boolean value) {
        if (resp3) {
            out.put('#');
            out.put(value ? 't' : 'f');
            crlf();
        } else {
            integer(value ? 1 : 0);
        }
    }

    /** An integer of any length, in decimal: a bulk in RESP2. */
    public void bigNumber(String text) {
        if (resp3) {
            out.put('(');
            out.putLatin(text);
            crlf();
        } else {
            bulk(text);
        }
    }

    /** As {@link #bigNumber(String)}, of bytes outside of the heap; line breaks become spaces. */
    public void bigNumber(long address, int length) {
        if (resp3) {
            out.put('(');
        } else {
            header('$', length);
        }
        line(address, length);
        crlf();
    }

    /** A text for people; {@code format} has three letters, "txt" or "mkd". */
    public void verbatim(String format, String text) {
        if (resp3) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            header('=', bytes.length + 4L);
            out.put(format);
            out.put(':');
            out.put(bytes);
            crlf();
        } else {
            bulk(text);
        }
    }

    /** As {@link #verbatim(String, String)}, of bytes outside of the heap. */
    public void verbatim(String format, long address, int length) {
        if (resp3) {
            header('=', length + 4L);
            out.put(format);
            out.put(':');
            out.put(address, length);
            crlf();
        } else {
            bulk(address, length);
        }
    }

    /** Bytes that are RESP already. */
    public void raw(long address, int length) {
        out.put(address, length);
    }

    /** Where the next reply begins; {@link #rewind} goes back there. */
    public long mark() {
        return out.total();
    }

    /** Takes back what was written since {@code mark}. */
    public void rewind(long mark) {
        out.rewind(mark);
    }

    private void header(char type, long value) {
        out.put(type);
        out.putDecimal(value);
        crlf();
    }

    private void crlf() {
        out.putPacked(CRLF, 2);
    }
}
