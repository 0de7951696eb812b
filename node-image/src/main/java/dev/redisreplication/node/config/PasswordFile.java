package dev.redisreplication.node.config;

import dev.redisreplication.node.memory.ByteText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A file of passwords, one a line: the one in force, then others that are still valid. */
public final class PasswordFile {
    private static final int MOST_BYTES = 64 << 10;

    private PasswordFile() {}

    /**
     * Reads it. Line ends and empty lines are no part of any password.
     *
     * @return at least one
     * @throws ConfigException when it cannot be read, is larger than 64 KiB or holds none; the message names the file
     */
    public static List<String> read(Path file) throws ConfigException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file");
        } catch (IOException e) {
            throw new ConfigException(file + ": it cannot be read: " + e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new ConfigException(file + ": it is larger than " + MOST_BYTES + " bytes");
        }
        List<String> passwords = ByteText.of(bytes)
                .lines()
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
        if (passwords.isEmpty()) {
            throw new ConfigException(file + ": it holds no password");
        }
        return passwords;
    }
}
