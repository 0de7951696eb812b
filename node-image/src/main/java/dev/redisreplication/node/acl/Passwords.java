package dev.redisreplication.node.acl;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passwords are known by their SHA-256. */
final class Passwords {
    private static final String HASH = "[0-9a-f]{64}";

    private Passwords() {}

    /** In lower-case hexadecimal. */
    static String hash(byte[] password) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(password));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The hash that a rule gives. */
    static String checked(String hash) throws RuleException {
        if (!hash.matches(HASH)) {
            throw new RuleException("The password hash must be exactly 64 characters and contain only lowercase"
                    + " hexadecimal characters");
        }
        return hash;
    }
}
