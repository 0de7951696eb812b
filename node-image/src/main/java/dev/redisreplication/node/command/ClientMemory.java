package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.MAXMEMORY;
import static dev.redisreplication.node.config.Directives.MAXMEMORY_CLIENTS;

import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Loop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code maxmemory-clients}: how much memory all ordinary clients together may make the node hold. When it is more, those
 * that take most are closed, after the replies of the round have left. Costs nothing while there is no such limit. On the
 * event loop only.
 */
public final class ClientMemory {
    private final Loop loop;
    private final NodeSettings settings;
    private final Clients clients;
    private final Stats stats;
    private long limit; // 0 for none
    private long total;
    private boolean evicting;

    ClientMemory(Loop loop, NodeSettings settings, Clients clients, Stats stats) {
        this.loop = loop;
        this.settings = settings;
        this.clients = clients;
        this.stats = stats;
        settings.onChange(MAXMEMORY_CLIENTS, x -> read());
        settings.onChange(MAXMEMORY, x -> read());
        read();
    }

    /** A share is one of {@code maxmemory}: without that there is no limit either. */
    private void read() {
        limit = settings.get(MAXMEMORY_CLIENTS).of(settings.get(MAXMEMORY));
        recount();
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
            loop.execute(this::evict);
        }
    }

    /** Looks at all of them: what leaves a buffer by itself is not heard of. */
    public void recount() {
        if (limit == 0) {
            return;
        }
        total = 0;
        for (Client client : clients.all()) {
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
        for (Client client : clients.all()) {
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
            stats.evictedClients++;
            client.close("maxmemory-clients");
        }
    }
}
