package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;

/** Writes to whom it believes to be the master: by label, or (the stubborn one) to anybody it ever heard of. */
final class SimClient extends Actor {
    private final Group group;
    private final boolean stubborn;
    private Conn conn;
    private boolean waiting;
    private long sentAt;

    SimClient(Group group, boolean stubborn) {
        super(group.world, stubborn ? "stubborn" : "client", World.CLIENTS);
        this.group = group;
        this.stubborn = stubborn;
    }

    void start() {
        later(30_000 + world.random.nextInt(stubborn ? 150_000 : 90_000), this::start);
        if (waiting && ms() - sentAt < 400) {
            return;
        }
        if (waiting || (stubborn && world.chance(20))) {
            leave();
        }
        if (conn == null) {
            String ip = choose();
            if (ip != null) {
                waiting = true;
                sentAt = ms();
                world.connect(
                        this,
                        ip,
                        made -> {
                            leave();
                            conn = made;
                            write();
                        },
                        refused -> waiting = false);
            }
        } else {
            write();
        }
    }

    private void write() {
        waiting = true;
        sentAt = ms();
        conn.send(this, new Wire.Write(world.nextId(), world.random.nextInt(20, 90)));
    }

    private void leave() {
        waiting = false;
        if (conn != null) {
            conn.close(this);
            conn = null;
        }
    }

    private String choose() {
        if (stubborn) {
            return world.pods.isEmpty() ? null : world.pods.get(world.random.nextInt(world.pods.size())).ip;
        }
        for (PodView pod : group.api.pods) {
            if (pod != null && pod.role() == RoleLabel.MASTER) {
                return pod.ip();
            }
        }
        return null;
    }

    @Override
    void message(Conn from, Object message) {
        if (from == conn && message instanceof Wire.WriteReply reply) {
            waiting = false;
            if (!reply.ok()) {
                leave();
            }
        }
    }

    @Override
    void closed(Conn from) {
        if (from == conn) {
            conn = null;
            waiting = false;
        }
    }
}
