package dev.redisreplication.node.command;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Random identities of 40 hexadecimal digits, for runs and replication histories. */
public final class RunId {
    private RunId() {}

    /** A new one. */
    public static String create() {
        byte[] bytes = new byte[20];
        try (InputStream in = new FileInputStream("/dev/urandom")) { // SecureRandom costs 20 ms at start-up
            if (in.readNBytes(bytes, 0, bytes.length) == bytes.length) {
                return HexFormat.of().formatHex(bytes);
            }
        } catch (IOException e) {
            // not a Unix: the JDK's own source then
        }
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
