package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.CLIENT_OUTPUT_BUFFER_LIMIT;
import static dev.redisreplication.node.config.Directives.CLIENT_QUERY_BUFFER_LIMIT;
import static dev.redisreplication.node.config.Directives.MAXCLIENTS;
import static dev.redisreplication.node.config.Directives.PROTECTED_MODE;
import static dev.redisreplication.node.config.Directives.PROTO_MAX_BULK_LEN;

import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.config.OutputLimit;
import dev.redisreplication.node.config.OutputLimits;
import dev.redisreplication.node.net.Connection;
import java.util.List;

/** Who may connect, and how much one client may ask for: directives kept at hand for the hot path. */
public final class Access {
    private static final String PROTECTED =
            "DENIED Redis is running in protected mode because protected mode is enabled"
                    + " and no password is set for the default user. In this mode connections are only accepted from the loopback"
                    + " interface. If you want to connect from external computers, set a password with the directive requirepass,"
                    + " or turn protected-mode off (CONFIG SET protected-mode no from the loopback interface, the configuration"
                    + " file, or the flag --protected-mode no).";

    private final NodeSettings settings;
    private boolean protectedMode;
    private long maxClients;
    private long maxBulk;
    private long queryBufferLimit;
    private OutputLimits outputLimits;

    Access(NodeSettings settings) {
        this.settings = settings;
        List.of(PROTECTED_MODE, MAXCLIENTS, PROTO_MAX_BULK_LEN, CLIENT_QUERY_BUFFER_LIMIT, CLIENT_OUTPUT_BUFFER_LIMIT)
                .forEach(d -> settings.onChange(d, x -> read()));
        read();
    }

    private void read() {
        protectedMode = settings.get(PROTECTED_MODE);
        maxClients = settings.get(MAXCLIENTS);
        maxBulk = settings.get(PROTO_MAX_BULK_LEN);
        queryBufferLimit = settings.get(CLIENT_QUERY_BUFFER_LIMIT);
        outputLimits = settings.get(CLIENT_OUTPUT_BUFFER_LIMIT);
    }

    /**
     * Why a new connection cannot stay, or null.
     *
     * @param clients how many there are already
     * @param open whether anybody may connect, for there is no password
     */
    String refuse(int clients, boolean open, Connection connection) {
        if (clients >= maxClients) {
            return "ERR max number of clients reached";
        }
        if (protectedMode && open && !connection.isLoopback()) {
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
