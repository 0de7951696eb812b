package dev.redisreplication.node.command.acl;

import dev.redisreplication.node.acl.AclUser;
import dev.redisreplication.node.acl.Rules;
import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Space;
import dev.redisreplication.node.command.User;
import java.util.List;

/** Ends the connections of clients whose user has gone, or who listen to what they may not hear any more. */
final class Disconnect {
    private static final String REASON = "the rights of its user were taken back";

    private Disconnect() {}

    /** The user is gone: whoever was it is nobody. */
    @SuppressWarnings("ReferenceEquality") // a user of the same name that came later is another one
    static void all(Call call, AclUser gone) {
        for (Client client : List.copyOf(call.node().clients().all())) {
            if (client.user() == gone) {
                client.disown(call.node().users().standard());
                end(call, client);
            }
        }
    }

    /** The rules of {@code user} are about to be {@code next}. */
    @SuppressWarnings("ReferenceEquality")
    static void whereChannelsAreRevoked(Call call, User user, Rules next) {
        for (Client client : List.copyOf(call.node().clients().all())) {
            if (client.user() == user && client.isSubscribed() && hearsTooMuch(call.node(), client, next)) {
                end(call, client);
            }
        }
    }

    private static boolean hearsTooMuch(Node node, Client client, Rules rules) {
        for (Space space : Space.values()) {
            for (byte[] name : node.pubSub().names(client, space)) {
                if (!rules.allowsChannel(space == Space.PATTERN, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void end(Call call, Client client) {
        if (client == call.client()) {
            client.closeAfterReply();
        } else {
            client.close(REASON);
        }
    }
}
