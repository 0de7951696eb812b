package dev.redisreplication.sandbox.stream;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Blocks of headers in SPDY/3: names and values with their lengths, compressed by one zlib stream for each direction, both of which
 * know the words that the protocol names. Not thread-safe.
 */
final class SpdyHeaders implements AutoCloseable {
    private static final int MAX_BLOCK = 64 << 10;
    private static final String WORDS = "options head post put delete trace accept accept-charset accept-encoding"
            + " accept-language accept-ranges age allow authorization cache-control connection content-base"
            + " content-encoding content-language content-length content-location content-md5 content-range content-type"
            + " date etag expect expires from host if-match if-modified-since if-none-match if-range"
            + " if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization"
            + " range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning"
            + " www-authenticate method get status|200 OK|version|HTTP/1.1|url public set-cookie keep-alive origin";
    private static final String PHRASES =
            "100101201202205206300302303304305306307402405406407408409410411412413414415416417502"
                    + "504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized"
                    + "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar"
                    + " Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,"
                    + "image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,public"
                    + "privatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";
    private static final byte[] DICTIONARY = dictionary();

    private final Inflater inflater = new Inflater();
    private final Deflater deflater = new Deflater();

    SpdyHeaders() {
        deflater.setDictionary(DICTIONARY);
    }

    private static byte[] dictionary() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String group : WORDS.split("\\|", -1)) {
                for (String word : group.equals("200 OK") ? new String[] {group} : group.split(" ", -1)) {
                    out.writeInt(word.length());
                    out.write(word.getBytes(StandardCharsets.US_ASCII));
                }
            }
            out.write(PHRASES.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What a block says; of a repeated header the first value. */
    Map<String, String> read(byte[] block) throws IOException {
        inflater.setInput(block);
        DataInputStream in = new DataInputStream(new Inflated());
        Map<String, String> headers = new LinkedHashMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String name = text(in);
            headers.put(name, text(in).split("\0", 2)[0]);
        }
        // What the other side flushed, so that the next block begins where this one ends.
        in.skipBytes(Integer.MAX_VALUE);
        return headers;
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BLOCK) {
            throw new IOException("a header of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A block that says nothing, which is all that a server has to say here. */
    byte[] empty() {
        deflater.setInput(new byte[4]);
        byte[] buffer = new byte[64];
        int n = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(buffer, n);
    }

    @Override
    public void close() {
        inflater.end();
        deflater.end();
    }

    private final class Inflated extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) <= 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            try {
                int n = inflater.inflate(into, from, length);
                if (n == 0 && inflater.needsDictionary()) {
                    inflater.setDictionary(DICTIONARY);
                    n = inflater.inflate(into, from, length);
                }
                return n == 0 ? -1 : n;
            } catch (DataFormatException | IllegalArgumentException e) {
                throw new IOException("headers that are not SPDY's: " + e.getMessage(), e);
            }
        }
    }
}
