package dev.redisreplication.node.acl;

/** Users that cannot be taken over, by a file or a command; the message says all that is wrong. */
public final class AclException extends Exception {
    private static final long serialVersionUID = 1L;

    AclException(String message) {
        super(message, null, false, false);
    }
}
