package dev.redisreplication.node.command;

import dev.redisreplication.node.config.DefaultUser;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.net.Connection;
import java.security.MessageDigest;

/** Who may connect and run commands, and how much one client may ask for: directives kept at hand for the hot path. */
public final class Access {
    private static final String PROTECTED =
            "DENIED Redis is running in protected mode because protected mode is enabled"
                    + " and no password is set for the default user. In this mode connections are only accepted from the loopback"
                    + " interface. If you want to connect from external computers, set a password with the directive requirepass,"
                    + " or turn protected-mode off (CONFIG SET protected-mode no from the loopback interface, the configuration"
                    + " file, or the flag --protected-mode no).";

    private final NodeSettings settings;
    private DefaultUser user;
    private byte[] password;
    private boolean protectedMode;
    private long maxClients;
    private long maxBulk;
    private long queryBufferLimit;
    private OutputLimit outputLimit;
    private OutputLimit pubSubLimit;

    Access(NodeSettings settings) {
        this.settings = settings;
        for (String name : new String[] {
            "requirepass",
            "protected-mode",
            "maxclients",
            "proto-max-bulk-len",
            "client-query-buffer-limit",
            "client-output-buffer-limit"
        }) {
            settings.onChange(name, s -> read());
        }
        read();
    }

    private void read() {
        password = ByteText.bytes(settings.text("requirepass"));
        user = settings.user();
        protectedMode = settings.yes("protected-mode");
        maxClients = settings.number("maxclients");
        maxBulk = settings.number("proto-max-bulk-len");
        queryBufferLimit = settings.number("client-query-buffer-limit");
        outputLimit = OutputLimit.normal(settings.text("client-output-buffer-limit"));
        pubSubLimit = OutputLimit.pubSub(settings.text("client-output-buffer-limit"));
    }

    /** Whether clients need no password. */
    public boolean open() {
        return user == null ? password.length == 0 : user.open();
    }

    /** Whether the default user's password is {@code given}; takes the same time wherever they differ. */
    public boolean accepts(byte[] given) {
        return user != null ? user.accepts(given) : MessageDigest.isEqual(password, given);
    }

    /** Why a new connection cannot stay, or null. */
    String refuse(Node node, Connection connection) {
        if (node.clients().count() >= maxClients) {
            return "ERR max number of clients reached";
        }
        if (protectedMode && open() && !connection.isLoopback()) {
            return PROTECTED;
        }
        return null;
    }

    long maxBulk() {
        return maxBulk;
    }

    /** How much output may wait for a client that is no replica. */
    OutputLimit outputLimit(Client client) {
        return client.isSubscribed() ? pubSubLimit : outputLimit;
    }

    long queryBufferLimit() {
        return queryBufferLimit;
    }
}
