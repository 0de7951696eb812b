package dev.redisreplication.node.acl;

/** A rule that cannot be applied; the message is Redis' and says why. */
public final class RuleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unknownName;

    RuleException(String message) {
        this(message, false);
    }

    private RuleException(String message, boolean unknownName) {
        super(message, null, false, false);
        this.unknownName = unknownName;
    }

    static RuleException syntax() {
        return new RuleException("Syntax error");
    }

    static RuleException unknownName() {
        return new RuleException("Unknown command or category name in ACL", true);
    }

    /** Whether the rule names a command or a category that there is not. */
    boolean isUnknownName() {
        return unknownName;
    }
}
