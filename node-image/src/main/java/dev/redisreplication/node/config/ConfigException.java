package dev.redisreplication.node.config;

/** A directive that is unknown or has a wrong value. The message is for the operator of the node. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code message} without the place. */
    public ConfigException(String message) {
        super(message);
    }
}
