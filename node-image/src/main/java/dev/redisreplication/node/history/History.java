package dev.redisreplication.node.history;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Which histories a node's data belong to (Redis' PSYNC2): the current one, and the one before up to an offset.
 *
 * @param replid 40 hexadecimal digits
 * @param replid2 the history before, or 40 zeros
 * @param secondOffset first offset that no longer belongs to {@code replid2}, or -1
 */
public record History(String replid, String replid2, long secondOffset) {
    /** No history. */
    public static final String NONE = "0".repeat(40);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new identity: 40 random hexadecimal digits. */
    public static String randomId() {
        byte[] bytes = new byte[20];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The history of a node that knows no other. */
    public static History fresh() {
        return of(randomId());
    }

    /** A history that was taken over whole, by a full resync or from a dump. */
    public static History of(String replid) {
        return new History(replid, NONE, -1);
    }

    /** From {@code offset} on the data go their own way under a new name. */
    public History shifted(String newReplid, long offset) {
        return new History(newReplid, replid, offset + 1);
    }

    /**
     * Whether a replica may go on where it is, as far as the histories are concerned.
     *
     * @param askedReplid the history the replica knows
     * @param askedOffset number of the next byte it wants, counted from 1 as PSYNC does
     */
    public boolean covers(String askedReplid, long askedOffset) {
        String asked = askedReplid.toLowerCase(Locale.ROOT);
        return asked.equals(replid) || (asked.equals(replid2) && askedOffset <= secondOffset);
    }

    /** Whether a text has the form of a replication id. */
    public static boolean isId(String text) {
        return text.length() == 40 && text.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }
}
