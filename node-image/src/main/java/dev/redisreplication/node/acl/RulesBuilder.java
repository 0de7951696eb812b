package dev.redisreplication.node.acl;

import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.config.Words;
import dev.redisreplication.node.memory.ByteText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rules of a user that are being written: each of Redis' ACL SETUSER is applied in its turn. */
final class RulesBuilder {
    private final CommandTable table;
    private final boolean allChannels;
    private boolean on;
    private boolean noPassword;
    private String sanitize = "";
    private final Set<String> passwords = new LinkedHashSet<>();
    private SelectorBuilder own;
    private final List<Selector> more = new ArrayList<>();

    /**
     * A new user, who may do nothing.
     *
     * @param allChannels {@code acl-pubsub-default}
     */
    RulesBuilder(CommandTable table, boolean allChannels) {
        this.table = table;
        this.allChannels = allChannels;
        this.own = new SelectorBuilder(table, allChannels);
    }

    /** Goes on from {@code from}. */
    RulesBuilder(CommandTable table, boolean allChannels, Rules from) {
        this(table, allChannels);
        on = from.on();
        noPassword = from.noPassword();
        sanitize = from.sanitize();
        passwords.addAll(from.passwords());
        own = new SelectorBuilder(table, from.selectors().getFirst());
        more.addAll(from.selectors().subList(1, from.selectors().size()));
    }

    Rules build() {
        List<Selector> selectors = new ArrayList<>(List.of(own.build()));
        selectors.addAll(more);
        return new Rules(on, noPassword, sanitize, List.copyOf(passwords), List.copyOf(selectors));
    }

    RulesBuilder applyAll(String... rules) {
        try {
            for (String rule : rules) {
                apply(rule);
            }
        } catch (RuleException e) {
            throw new IllegalStateException(e); // the rules are our own
        }
        return this;
    }

    void apply(String rule) throws RuleException {
        switch (rule.toLowerCase(Locale.ROOT)) {
            case "on" -> on = true;
            case "off" -> on = false;
            case "nopass" -> {
                noPassword = true;
                passwords.clear();
            }
            case "resetpass" -> {
                noPassword = false;
                passwords.clear();
            }
            case "sanitize-payload" -> sanitize = "sanitize-payload";
            case "skip-sanitize-payload" -> sanitize = "skip-sanitize-payload";
            case "clearselectors" -> more.clear();
            case "reset" -> {
                applyAll("resetpass", "off", "sanitize-payload", "clearselectors");
                own = new SelectorBuilder(table, allChannels);
            }
            default -> applySpecific(rule);
        }
    }

    private void applySpecific(String rule) throws RuleException {
        switch (rule.isEmpty() ? ' ' : rule.charAt(0)) {
            case '>' -> add(Passwords.hash(ByteText.bytes(rule.substring(1))));
            case '#' -> add(Passwords.checked(rule.substring(1)));
            case '<' -> remove(Passwords.hash(ByteText.bytes(rule.substring(1))));
            case '!' -> remove(Passwords.checked(rule.substring(1)));
            case '(' -> more.add(selector(rule));
            default -> own.apply(rule);
        }
    }

    private void add(String hash) {
        passwords.add(hash);
        noPassword = false;
    }

    private void remove(String hash) throws RuleException {
        if (!passwords.remove(hash)) {
            throw new RuleException("The password you are trying to remove from the user does not exist");
        }
    }

    private Selector selector(String rule) throws RuleException {
        if (!rule.endsWith(")")) {
            throw RuleException.syntax();
        }
        SelectorBuilder selector = new SelectorBuilder(table, allChannels);
        List<String> words = Words.split(rule.substring(1, rule.length() - 1));
        if (words == null) {
            throw RuleException.syntax(); // a quote is not closed
        }
        for (String word : words) {
            selector.apply(word);
        }
        return selector.build();
    }
}
