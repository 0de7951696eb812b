package dev.redisreplication.node.image;

import java.io.IOException;

/** Reads the file that a variable of the form {@code X_FILE} names. */
@FunctionalInterface
public interface FileText {
    /** The whole content of {@code path}, as {@code ByteText}. */
    String read(String path) throws IOException;
}
