package dev.redisreplication.sandbox.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** One of several streams over a connection. What each side has to say ends by itself. */
public interface Stream {
    /** What the client said of it when it opened it, by lower-case names; never null. */
    Map<String, String> headers();

    /** What the client sends. Closing it drops the rest. */
    InputStream in();

    /** What the client gets, at once. Closing it says that there is no more. */
    OutputStream out();

    /** Ends both directions because something went wrong. */
    void reset() throws IOException;
}
