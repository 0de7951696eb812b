package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.History;

/** One pod as it really is, whatever the API server says of it: a machine, an address, a disk, at times a process. */
final class SimPod {
    /** What survives a process. */
    static final class Disk {
        long term;
        History history;
        Entry data;
        /** Nothing more can be written to it. */
        boolean full;

        Disk(World world) {
            wipe(world);
        }

        void wipe(World world) {
            history = new History("h" + world.nextId(), "", -1);
            data = Entry.empty();
        }
    }

    final String uid;
    final int ordinal;
    final int zone;
    final String ip;
    final Disk disk;
    SimNode node;
    /** As the kubelet has reported it. */
    long endedBefore;

    boolean deleting;
    /** Its last container was reported as terminated, for good. */
    boolean ended;
    /** No kubelet looks after it any more. */
    boolean orphan;
    /** Its processes let no operator in by the passwords that it knows. Connections that were let in before stay. */
    boolean locked;

    SimPod(World world, int ordinal, Disk disk) {
        this.uid = "u" + world.nextId();
        this.ip = "ip" + world.nextId();
        this.ordinal = ordinal;
        this.zone = ordinal;
        this.disk = disk;
    }

    String name() {
        return World.NAMES[ordinal];
    }
}
