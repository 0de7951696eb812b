package dev.redisreplication.node.config;

import dev.redisreplication.node.memory.ByteText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The line {@code user default ...} of a redis.conf, which Redis' CONFIG REWRITE writes even where no ACL was ever set. There
 * is one user here, and it may do everything: a line that says so is taken, with its passwords; every other one is refused.
 *
 * @param hashes SHA-256 of the passwords, of which one is to be given, in lower-case hexadecimal; none: no password is needed
 */
public record DefaultUser(Set<String> hashes) {
    private static final String HASH = "[0-9a-f]{64}";

    /** Keeps a copy. */
    public DefaultUser {
        hashes = Set.copyOf(hashes);
    }

    /**
     * Reads what follows the word {@code user}, with the meaning of Redis' ACL SETUSER.
     *
     * @throws ConfigException when it is about another user, or restricts this one
     */
    static DefaultUser parse(List<String> words) throws ConfigException {
        if (words.isEmpty()) {
            throw new ConfigException("wrong number of arguments");
        }
        if (!words.get(0).equals("default")) {
            throw new ConfigException(
                    "this server has no ACLs: its one user is 'default', and '" + words.get(0) + "' cannot be added");
        }
        Rules rules = new Rules();
        for (String rule : words.subList(1, words.size())) {
            rules.apply(rule);
        }
        return rules.result();
    }

    /** The user whose password is any of these. */
    static DefaultUser of(List<String> passwords) {
        return new DefaultUser(passwords.stream()
                .map(password -> hash(ByteText.bytes(password)))
                .collect(Collectors.toSet()));
    }

    /** Whether no password is needed. */
    public boolean open() {
        return hashes.isEmpty();
    }

    /** Whether this is one of the passwords. All are compared, so that the time tells nothing. */
    public boolean accepts(byte[] password) {
        byte[] given = hash(password).getBytes(StandardCharsets.US_ASCII);
        boolean found = false;
        for (String hash : hashes) {
            found |= MessageDigest.isEqual(hash.getBytes(StandardCharsets.US_ASCII), given);
        }
        return found;
    }

    /** The line of a redis.conf. */
    String line() {
        StringBuilder line = new StringBuilder("user default on ");
        hashes.stream().sorted().forEach(hash -> line.append('#').append(hash).append(' '));
        return line.append(open() ? "nopass " : "").append("~* &* +@all").toString();
    }

    private static String hash(byte[] password) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(password));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** What the rules have said so far; each may take back what one before it said. */
    private static final class Rules {
        private final Set<String> hashes = new LinkedHashSet<>();
        private boolean on;
        private boolean noPassword;
        private boolean keys;
        private boolean channels;
        private boolean commands;

        void apply(String rule) throws ConfigException {
            switch (rule.toLowerCase(Locale.ROOT)) {
                case "on" -> on = true;
                case "off" -> on = false;
                case "nopass" -> password(null);
                case "resetpass" -> {
                    hashes.clear();
                    noPassword = false;
                }
                case "~*", "allkeys", "%rw~*" -> keys = true;
                case "&*", "allchannels" -> channels = true;
                case "+@all", "allcommands" -> commands = true;
                case "sanitize-payload", "skip-sanitize-payload" -> {
                    // Every payload is checked here.
                }
                default -> {
                    if (rule.startsWith(">")) {
                        password(hash(ByteText.bytes(rule.substring(1))));
                    } else if (rule.startsWith("#") && rule.substring(1).matches(HASH)) {
                        password(rule.substring(1));
                    } else if (rule.startsWith("#")) {
                        throw new ConfigException("a password's hash is # and 64 lower-case hexadecimal digits");
                    } else {
                        throw new ConfigException("this server has no ACLs, and the rule '" + rule
                                + "' would restrict the user; only on, nopass, >password, #hash, ~*, &* and +@all are"
                                + " possible");
                    }
                }
            }
        }

        private void password(String hash) {
            noPassword = hash == null;
            if (noPassword) {
                hashes.clear();
            } else {
                hashes.add(hash);
            }
        }

        DefaultUser result() throws ConfigException {
            String missing = !on
                    ? "on"
                    : !keys
                            ? "~*"
                            : !channels
                                    ? "&*"
                                    : !commands ? "+@all" : hashes.isEmpty() && !noPassword ? "nopass" : null;
            if (missing != null) {
                throw new ConfigException("without '" + missing
                        + "' the user could not do everything, and this server has no ACLs to restrict it by");
            }
            return new DefaultUser(hashes);
        }
    }
}
