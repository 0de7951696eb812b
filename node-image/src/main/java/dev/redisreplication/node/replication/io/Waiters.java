package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Awaited;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Suspension;
import dev.redisreplication.node.command.Suspensions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Clients in WAIT and WAITAOF. On the event loop. */
public final class Waiters implements Awaited {
    /** @param done says whether it has what it waits for */
    private record Waiter(Suspension suspension, BooleanSupplier done) {}

    private final Suspensions suspensions;
    private final Map<Client, Waiter> all = new LinkedHashMap<>();

    Waiters(Suspensions suspensions) {
        this.suspensions = suspensions;
    }

    /** Has this request executed again as soon as {@code done} says so; it is put aside with this object as the cause. */
    public void add(Suspension suspension, BooleanSupplier done) {
        all.put(suspension.client(), new Waiter(suspension, done));
    }

    /** A replica, or the disk, has come further. */
    void check() {
        if (all.isEmpty()) {
            return;
        }
        for (Waiter each : new ArrayList<>(all.values())) {
            if (each.done.getAsBoolean()) {
                suspensions.resume(each.suspension);
            }
        }
    }

    @Override
    public boolean isTimed() {
        return false; // as in Redis: it has done nothing but wait
    }

    @Override
    public void ended(Client client) {
        all.remove(client);
    }
}
