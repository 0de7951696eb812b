package dev.redisreplication.node.cli;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * {@code redis://user:password@host:port/database}, and {@code rediss://} for TLS; every part behind the scheme may lack.
 *
 * @param user null for none
 * @param password null for none
 * @param host null for none
 * @param port -1 for none
 * @param database -1 for none
 */
record Uri(boolean secure, String user, String password, String host, int port, int database) {
    /**
     * Reads one.
     *
     * @throws IllegalArgumentException what is wrong, in the words of redis-cli
     */
    static Uri of(String uri) {
        String lower = uri.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("redis://") && !lower.startsWith("rediss://")) {
            throw new IllegalArgumentException("Invalid URI scheme");
        }
        String rest = uri.substring(uri.indexOf("//") + 2);
        String user = null;
        String password = null;
        int at = rest.indexOf('@');
        if (at >= 0) {
            int colon = rest.indexOf(':');
            boolean named = colon >= 0 && colon < at;
            user = named ? decoded(rest.substring(0, colon)) : null;
            password = decoded(rest.substring(named ? colon + 1 : 0, at));
            rest = rest.substring(at + 1);
        }
        int slash = rest.indexOf('/');
        String address = slash < 0 ? rest : rest.substring(0, slash);
        int bracket = address.startsWith("[") ? address.indexOf(']') : -1;
        int colon = address.indexOf(':', Math.max(0, bracket));
        String host = colon < 0 ? address : address.substring(0, colon);
        return new Uri(
                lower.startsWith("rediss"),
                user,
                password,
                address.isEmpty() ? null : bracket < 0 ? host : address.substring(1, bracket),
                colon < 0 ? -1 : leadingNumber(address.substring(colon + 1)),
                slash < 0 || slash + 1 == rest.length() ? -1 : leadingNumber(rest.substring(slash + 1)));
    }

    /** As C reads a number: its digits until something else comes, 0 without any. */
    private static int leadingNumber(String text) {
        int end = 0;
        while (end < text.length() && end < 9 && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(text.substring(0, end));
    }

    private static String decoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                out.append((char) (bytes[i] & 0xff));
                continue;
            }
            if (i + 2 >= bytes.length) {
                throw new IllegalArgumentException("Incomplete URI encoding");
            }
            int high = Character.digit(bytes[i + 1], 16);
            int low = Character.digit(bytes[i + 2], 16);
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("Illegal character in URI encoding");
            }
            out.append((char) (high << 4 | low));
            i += 2;
        }
        return out.toString();
    }
}
