package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.CLIENT_OUTPUT_BUFFER_LIMIT;
import static dev.redisreplication.node.config.Directives.CLIENT_QUERY_BUFFER_LIMIT;
import static dev.redisreplication.node.config.Directives.MAXCLIENTS;
import static dev.redisreplication.node.config.Directives.PROTECTED_MODE;
import static dev.redisreplication.node.config.Directives.PROTO_MAX_BULK_LEN;
import static dev.redisreplication.node.config.Directives.REQUIREPASS;

import dev.redisreplication.node.config.DefaultUser;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.config.OutputLimit;
import dev.redisreplication.node.config.OutputLimits;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.net.Connection;
import java.security.MessageDigest;
import java.util.List;

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
    private OutputLimits outputLimits;

    Access(NodeSettings settings) {
        this.settings = settings;
        List.of(
                        REQUIREPASS,
                        PROTECTED_MODE,
                        MAXCLIENTS,
                        PROTO_MAX_BULK_LEN,
                        CLIENT_QUERY_BUFFER_LIMIT,
                        CLIENT_OUTPUT_BUFFER_LIMIT)
                .forEach(d -> settings.onChange(d, x -> read()));
        read();
    }

    private void read() {
        password = ByteText.bytes(settings.get(REQUIREPASS));
        user = settings.user();
        protectedMode = settings.get(PROTECTED_MODE);
        maxClients = settings.get(MAXCLIENTS);
        maxBulk = settings.get(PROTO_MAX_BULK_LEN);
        queryBufferLimit = settings.get(CLIENT_QUERY_BUFFER_LIMIT);
        outputLimits = settings.get(CLIENT_OUTPUT_BUFFER_LIMIT);
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
        return client.isSubscribed() ? outputLimits.pubSub() : outputLimits.normal();
    }

    long queryBufferLimit() {
        return queryBufferLimit;
    }
}
