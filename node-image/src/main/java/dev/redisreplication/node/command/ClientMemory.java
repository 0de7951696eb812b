package dev.redisreplication.node.command;

import dev.redisreplication.node.config.Settings;
import dev.redisreplication.node.log.Log;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code maxmemory-clients}: how much memory all ordinary clients together may make the node hold. When it is more, those
 * that take most are closed, after the replies of the round have left. Costs nothing while there is no such limit. On the
 * event loop only.
 */
public final class ClientMemory {
    private final Node node;
    private long limit; // 0 for none
    private long total;
    private boolean evicting;

    ClientMemory(Node node) {
        this.node = node;
        node.settings().onChange("maxmemory-clients", this::read);
        node.settings().onChange("maxmemory", this::read);
        read(node.settings());
    }

    private void read(Settings settings) {
        limit = limit(settings.text("maxmemory-clients"), settings.number("maxmemory"));
        recount();
    }

    /** The limit in bytes, 0 for none: a size, or a share of {@code maxmemory}, of which there must be one then. */
    static long limit(String directive, long maxmemory) {
        if (directive.endsWith("%")) {
            return maxmemory / 100 * Long.parseLong(directive, 0, directive.length() - 1, 10);
        }
        return Long.parseLong(directive);
    }

    /** What this client holds has changed. */
    void look(Client client) {
        if (limit == 0 || !counts(client)) {
            return;
        }
        long now = client.memory();
        total += now - client.counted;
        client.counted = now;
        if (total > limit && !evicting) {
            evicting = true;
            node.loop().execute(this::evict);
        }
    }

    /** Looks at all of them: what leaves a buffer by itself is not heard of. */
    public void recount() {
        if (limit == 0) {
            return;
        }
        total = 0;
        for (Client client : node.clients().all()) {
            client.counted = 0;
            look(client);
        }
    }

    void forget(Client client) {
        total -= client.counted;
        client.counted = 0;
    }

    private static boolean counts(Client client) {
        return client.isNormal() && client.connection().isOpen();
    }

    private void evict() {
        recount();
        evicting = false;
        if (limit == 0 || total <= limit) {
            return;
        }
        List<Client> largestFirst = new ArrayList<>();
        for (Client client : node.clients().all()) {
            if (counts(client) && client.mayBeEvicted) {
                largestFirst.add(client);
            }
        }
        largestFirst.sort(Comparator.comparingLong((Client c) -> c.counted).reversed());
        for (Client client : largestFirst) {
            if (total <= limit) {
                break;
            }
            Log.warning("Evicting client: " + client.describe());
            node.stats().evictedClients++;
            client.close("maxmemory-clients");
        }
    }
}
