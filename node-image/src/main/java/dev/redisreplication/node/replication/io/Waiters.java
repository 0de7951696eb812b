package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Awaited;
import dev.redisreplication.node.command.Suspension;
import dev.redisreplication.node.command.Suspensions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Clients in WAIT and WAITAOF. On the event loop. */
public final class Waiters implements Awaited {
    private final Suspensions suspensions;
    private final Map<Suspension, BooleanSupplier> all = new LinkedHashMap<>();

    Waiters(Suspensions suspensions) {
        this.suspensions = suspensions;
    }

    /** Has this request executed again as soon as {@code done} says so; it is put aside with this object as the cause. */
    public void add(Suspension suspension, BooleanSupplier done) {
        all.put(suspension, done);
    }

    /** A replica, or the disk, has come further. */
    void check() {
        if (all.isEmpty()) {
            return;
        }
        for (Map.Entry<Suspension, BooleanSupplier> each : new ArrayList<>(all.entrySet())) {
            if (each.getValue().getAsBoolean()) {
                suspensions.resume(each.getKey());
            }
        }
    }

    @Override
    public void ended(Suspension suspension) {
        all.remove(suspension);
    }
}
