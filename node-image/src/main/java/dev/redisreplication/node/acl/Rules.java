package dev.redisreplication.node.acl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is said of one user. Immutable.
 *
 * @param on whether it can log in
 * @param noPassword whether any password will do
 * @param sanitize {@code sanitize-payload}, {@code skip-sanitize-payload} or "": kept, as every payload is checked here
 * @param passwords SHA-256 of each, in lower-case hexadecimal
 * @param selectors the first is that of the user itself
 */
public record Rules(boolean on, boolean noPassword, String sanitize, List<String> passwords, List<Selector> selectors) {

    boolean isUnrestricted() {
        for (Selector selector : selectors) {
            if (selector.isUnrestricted()) {
                return true;
            }
        }
        return false;
    }

    /** Whether it can log in with this password. All are compared, so that the time tells nothing. */
    boolean accepts(byte[] password) {
        if (!on || noPassword) {
            return on;
        }
        byte[] given = Passwords.hash(password).getBytes(StandardCharsets.US_ASCII);
        boolean found = false;
        for (String hash : passwords) {
            found |= MessageDigest.isEqual(hash.getBytes(StandardCharsets.US_ASCII), given);
        }
        return found;
    }

    /** Whether one may listen to a channel, or to a pattern of channels. */
    public boolean allowsChannel(boolean pattern, byte[] channel) {
        return selectors.stream().anyMatch(s -> s.allowsChannel(pattern, channel));
    }

    /** What GETUSER shows as flags. */
    public List<String> flags() {
        List<String> flags = new ArrayList<>(List.of(on ? "on" : "off"));
        if (noPassword) {
            flags.add("nopass");
        }
        if (!sanitize.isEmpty()) {
            flags.add(sanitize);
        }
        return flags;
    }

    /** Key rules, channel rules and command rules of the user itself. */
    public List<String> own() {
        return described(selectors.getFirst());
    }

    /** The same of each further selector. */
    public List<List<String>> more() {
        return selectors.stream().skip(1).map(Rules::described).toList();
    }

    private static List<String> described(Selector s) {
        return List.of(s.rulesOfCommands(), s.keyRules(), s.channelRules());
    }

    /** What follows a user's name in a file. */
    public String describe() {
        StringBuilder text = new StringBuilder(String.join(" ", flags()));
        passwords.forEach(hash -> text.append(" #").append(hash));
        text.append(' ').append(selectors.getFirst().describe());
        for (Selector selector : selectors.subList(1, selectors.size())) {
            text.append(" (").append(selector.describe()).append(')');
        }
        return text.toString();
    }
}
