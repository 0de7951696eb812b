package dev.redisreplication.node.replication.io;

/**
 * What a node owes to its replicas and to the disk before its process ends. A node by hand waits, as Redis does, until
 * every replica has acknowledged everything. A managed master hands its role over: it says so in INFO, stays master, and
 * waits until an order of a newer term has taken the role away. Where its lease is over, another may have the role by now and
 * the order may never find it (its pod was deleted by force): then it waits for the replicas only. On the event loop.
 */
public final class Leaving {
    private final Replication replication;
    private boolean waiting;
    private boolean handingOver;

    Leaving(Replication replication) {
        this.replication = replication;
    }

    /** Begins to wait, if there is anything to wait for. The caller holds writes back from now on. */
    public boolean begin() {
        boolean managed = replication.isManaged();
        handingOver =
                managed && replication.isMaster() && replication.replicas().countOfTerm(replication.term()) > 0;
        waiting = managed ? handingOver : !replication.replicas().haveEverything();
        if (waiting) {
            replication.askForAcks(); // once: then the offset stands still
        }
        return waiting;
    }

    /** Whether there is nothing to wait for any more. */
    public boolean isDone() {
        if (handingOver && !replication.isMaster()) {
            return true; // its replicas left it one by one while the role went to one of them
        }
        if (handingOver && replication.gate().mayAcknowledge()) {
            return false;
        }
        return replication.replicas().haveEverything();
    }

    /** The node goes on. */
    public void stay() {
        handingOver = false;
        if (waiting) {
            waiting = false;
            replication.resumeStream();
        }
    }

    /** Whether the node waits. It takes nothing from its own master then: its offset, too, is to stand still. */
    boolean isWaiting() {
        return waiting;
    }

    /** Whether this managed master waits until another one has the role. */
    boolean isHandingOver() {
        return handingOver && replication.isMaster();
    }

    /**
     * Makes the data safe, and says in the log which replicas lack something.
     *
     * @param save whether to save a dump; null: if there are save points
     * @return null, or why it is not safe; the node can go on then
     */
    public String makeSafe(Boolean save) {
        replication.replicas().reportLags();
        String problem = replication.persistence().shutdown(save);
        replication.replicas().dumpIsGivenUp();
        return problem;
    }

    /** Sends the replicas what there is, and ends all links. */
    public void leave() {
        replication.end("this node shuts down");
    }
}
