package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;

/**
 * Reads one request after the other out of a connection's input, without copying it. Limits and error texts are those of
 * Redis 7.0's networking.c.
 *
 * <p>Of a request that is not complete yet it remembers how far it has looked and how much is still to come, and not where
 * the arguments are: a client that never completes its request makes it hold nothing. They are looked for once more when
 * the request is whole.
 */
public final class RequestParser {
    private static final int LINE_MAX = 64 * 1024;
    private static final int UNAUTHENTICATED_ARGS = 10;
    private static final int UNAUTHENTICATED_BULK = 16 * 1024;
    private static final int NO_BULK = -1;

    private final Request request;
    private long maxBulk = 512L << 20;
    private boolean limited;

    private int at; // offset of the first byte not looked at, from the start of the request
    private int missing; // bulks that still have to come, once the array's header was read
    private int bulk = NO_BULK; // length of the bulk that is being read
    private boolean inArray;
    private boolean noted; // the arguments so far are in the request: it came whole until here
    private boolean canonical;

    /** A parser with a request of its own. */
    public RequestParser() {
        this(new Request());
    }

    /** A parser that puts what it finds into {@code request}, which others use too when it is not parsing or executing. */
    public RequestParser(Request request) {
        this.request = request;
    }

    /** Forgets a request that was begun: other bytes will come. */
    public void reset() {
        at = 0;
        inArray = false;
    }

    /** The request that {@link #parse} found. */
    public Request request() {
        return request;
    }

    /** Sets the largest bulk taken, in bytes (proto-max-bulk-len). */
    public void maxBulk(long bytes) {
        maxBulk = bytes;
    }

    /** Whether the small limits for clients that have not authenticated hold. */
    public void limited(boolean on) {
        limited = on;
    }

    /**
     * Looks for one whole request in the {@code available} bytes at {@code base}. When there is one, it is
     * {@link #request}, and its {@link Request#frameLength} bytes are to be consumed after it was executed. When not, call
     * again with the same bytes (which may have moved) and more behind them.
     *
     * <p>A request without arguments (an empty line, {@code *0}) is found too, with {@code argc} 0: consume and ignore it.
     */
    public boolean parse(long base, int available) throws ProtocolException {
        if (!inArray) {
            if (available == 0) {
                return false;
            }
            if (Memory.getByte(base) != '*') {
                return parseInline(base, available);
            }
            int digit = Header.digit(base, available, '*');
            if (digit >= 0) {
                beginArray(digit, Header.SIZE);
            } else if (!readArrayHeader(base, available)) {
                return false;
            }
        }
        while (missing > 0) {
            if (bulk == NO_BULK && !readBulkHeader(base, available)) {
                return unfinished();
            }
            if (available - at - 2 < bulk) {
                return unfinished();
            }
            if (noted) {
                request.add(at, bulk);
            }
            at += bulk;
            if (Memory.getShort(base + at) != 0x0a0d) {
                canonical = false; // Redis does not look at these two bytes either
            }
            at += 2;
            bulk = NO_BULK;
            missing--;
        }
        if (!noted) {
            noteAll(base);
        }
        finish(base);
        return true;
    }

    private boolean unfinished() {
        noted = false;
        request.trim();
        return false;
    }

    /** Finds the arguments of a request that came in pieces; it is known to be whole and right. */
    private void noteAll(long base) {
        request.reset();
        int from = lineEnd(base, 1, at) + 2;
        while (from < at) {
            int end = lineEnd(base, from, at);
            int length = (int) number(base, from + 1, end, Integer.MAX_VALUE);
            request.add(end + 2, length);
            from = end + 2 + length + 2;
        }
    }

    /** Bytes that the unfinished request needs at least, counted from its start; 0 when that is not known. */
    public long needs() {
        return bulk == NO_BULK ? 0 : (long) at + bulk + 2;
    }

    private void finish(long base) {
        request.complete(base, at, canonical);
        at = 0;
        inArray = false;
    }

    private boolean readArrayHeader(long base, int available) throws ProtocolException {
        int end = lineEnd(base, 1, available);
        if (end < 0) {
            if (available > LINE_MAX) {
                throw new ProtocolException("too big mbulk count string");
            }
            return false;
        }
        long n = number(base, 1, end, Integer.MAX_VALUE);
        if (n == Long.MIN_VALUE) {
            throw new ProtocolException("invalid multibulk length");
        }
        if (limited && n > UNAUTHENTICATED_ARGS) {
            throw new ProtocolException("unauthenticated multibulk length");
        }
        beginArray((int) Math.max(n, 0), end + 2);
        canonicalEnd(base, end);
        return true;
    }

    private void beginArray(int n, int headerLength) {
        request.reset();
        noted = true;
        canonical = true;
        bulk = NO_BULK;
        at = headerLength;
        missing = n;
        inArray = true;
    }

    private boolean readBulkHeader(long base, int available) throws ProtocolException {
        int digit = Header.digit(base + at, available - at, '$');
        if (digit >= 0) {
            bulk = digit;
            at += Header.SIZE;
            return true;
        }
        int digits = Header.twoDigits(base + at, available - at, '$');
        if (digits >= 0) {
            bulk = digits;
            at += Header.SIZE + 1;
            return true;
        }
        return readAnyBulkHeader(base, available);
    }

    private boolean readAnyBulkHeader(long base, int available) throws ProtocolException {
        int end = lineEnd(base, at, available);
        if (end < 0) {
            if (available - at > LINE_MAX) {
                throw new ProtocolException("too big bulk count string");
            }
            return false;
        }
        int type = Memory.getByte(base + at);
        if (type != '$') {
            throw new ProtocolException("expected '$', got '" + (char) (type & 0xff) + "'");
        }
        long n = number(base, at + 1, end, maxBulk);
        if (n < 0) {
            throw new ProtocolException("invalid bulk length");
        }
        if (limited && n > UNAUTHENTICATED_BULK) {
            throw new ProtocolException("unauthenticated bulk length");
        }
        canonicalEnd(base, end);
        at = end + 2;
        bulk = (int) n;
        return true;
    }

    private void canonicalEnd(long base, int end) {
        if (Memory.getByte(base + end + 1) != '\n') {
            canonical = false;
        }
    }

    /** Offset of the carriage return that ends the line and has a byte behind it, or -1. */
    private static int lineEnd(long base, int from, int available) {
        int last = available - 1;
        for (int i = from; i < last; i++) {
            if (Memory.getByte(base + i) == '\r') {
                return i;
            }
        }
        return -1;
    }

    /** The number from offset {@code from} to {@code end}; Long.MIN_VALUE if it is none or greater than {@code max}. */
    private static long number(long base, int from, int end, long max) {
        int first = from < end ? Memory.getByte(base + from) - '0' : -1;
        if (end - from == 1 && first >= 0 && first <= 9) { // nearly always
            return first <= max ? first : Long.MIN_VALUE;
        }
        if (!Decimal.isCanonical(base + from, end - from)) {
            return Long.MIN_VALUE;
        }
        long n = Decimal.parse(base + from, end - from);
        return n > max ? Long.MIN_VALUE : n;
    }

    private boolean parseInline(long base, int available) throws ProtocolException {
        int end = at;
        while (end < available && Memory.getByte(base + end) != '\n') {
            end++;
        }
        if (end == available) {
            if (available > LINE_MAX) {
                throw new ProtocolException("too big inline request");
            }
            at = end;
            return false;
        }
        int length = end > 0 && Memory.getByte(base + end - 1) == '\r' ? end - 1 : end;
        request.reset();
        canonical = false;
        if (!InlineWords.split(base, length, request)) {
            throw new ProtocolException("unbalanced quotes in request");
        }
        at = end + 1;
        finish(base);
        return true;
    }
}
