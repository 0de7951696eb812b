package dev.redisreplication.operator.sim;

import java.util.ArrayList;
import java.util.List;

/** The replicas connected to a master, and their votes. */
final class Followers {
    private static final class Follower {
        final Conn conn;
        /** It has the data and follows the stream. */
        boolean online;

        long echo = Long.MIN_VALUE;

        Follower(Conn conn, boolean online) {
            this.conn = conn;
            this.online = online;
        }
    }

    private final SimNode master;
    private final List<Follower> all = new ArrayList<>();

    Followers(SimNode master) {
        this.master = master;
    }

    int size() {
        return all.size();
    }

    void add(Conn conn, boolean online) {
        for (int i = all.size() - 1; i >= 0; i--) {
            // One vote a replica, also if the socket before it is only half dead.
            if (all.get(i).conn.peer(master) == conn.peer(master)) {
                all.remove(i).conn.close(master);
            }
        }
        all.add(new Follower(conn, online));
    }

    void remove(Conn conn) {
        all.removeIf(f -> f.conn == conn);
    }

    void closeAll() {
        all.forEach(f -> f.conn.close(master));
        all.clear();
    }

    void send(Entry entry) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).conn.send(master, new Wire.Stream(entry));
        }
    }

    /** An acknowledgement came over that connection: whether it is one of these. */
    boolean heard(Conn conn) {
        Follower follower = of(conn);
        if (follower != null) {
            follower.online = true;
        }
        return follower != null;
    }

    private Follower of(Conn conn) {
        for (Follower follower : all) {
            if (follower.conn == conn) {
                return follower;
            }
        }
        return null;
    }

    void echoed(Conn conn, long reading) {
        Follower follower = of(conn);
        follower.echo = Math.max(follower.echo, reading);
    }

    long[] echoes() {
        return all.stream().filter(f -> f.online).mapToLong(f -> f.echo).toArray();
    }

    int online() {
        int online = 0;
        for (int i = 0; i < all.size(); i++) {
            online += all.get(i).online ? 1 : 0;
        }
        return online;
    }

    /** Those that nothing keeps from answering. */
    int thatAnswer() {
        int answer = 0;
        for (int i = 0; i < all.size(); i++) {
            Follower follower = all.get(i);
            Actor replica = follower.conn.peer(master);
            boolean well = follower.online && replica.alive && !replica.paused && follower.conn.open(replica);
            answer += well && master.world.quick(master, replica) && master.world.quick(replica, master) ? 1 : 0;
        }
        return answer;
    }

    /** Somebody who stays has the master's data, or will have what is still on the way. */
    boolean oneStays() {
        for (Follower follower : all) {
            SimNode replica = (SimNode) follower.conn.peer(master);
            boolean well = replica.alive && !replica.paused && replica.keepsData() && !replica.pod.deleting;
            if (follower.online && well && replica.linkUp) {
                return true;
            }
        }
        return false;
    }
}
