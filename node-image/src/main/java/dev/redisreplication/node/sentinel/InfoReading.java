package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.sentinel.Instance.Kind;
import dev.redisreplication.node.sentinel.Instance.State;
import dev.redisreplication.node.sentinel.Master.Phase;

/** What INFO of a master or a replica says, and what follows from it. */
final class InfoReading {
    private static final int HELLOS = 4; // periods in which a failover would be heard of
    private static final int SANE_INFOS = 2; // periods

    private final Book book;
    private final Speaker speaker;
    private final Registry registry;
    private final Failover failover;
    private final Hello hello;

    InfoReading(Book book, Speaker speaker, Registry registry, Failover failover, Hello hello) {
        this.book = book;
        this.speaker = speaker;
        this.registry = registry;
        this.failover = failover;
        this.hello = hello;
    }

    void read(Master master, DataNode of, String text) {
        InfoFacts facts = new InfoFacts(text);
        Kind role = facts.role();
        if (role == null) {
            return; // it is no INFO of a data node, and says nothing
        }
        of.info = text;
        of.infoAt = book.now;
        of.infoAskedAt = 0;
        runId(master, of, facts);
        if (of instanceof Master) {
            facts.replicas().forEach(address -> discover(master, address));
        }
        of.masterLinkDown =
                Math.clamp(facts.number("master_link_down_since_seconds", 0), 0, Long.MAX_VALUE / 1000) * 1000;
        if (role == Kind.REPLICA) {
            replicaFacts(of, facts);
        }
        role(master, of, role);
        if (!book.inTilt() && of instanceof Replica replica) {
            react(master, replica, role);
        }
    }

    private void runId(Master master, DataNode of, InfoFacts facts) {
        String runId = facts.text("run_id");
        if (runId.equals(of.runId) || runId.isEmpty()) {
            return;
        }
        if (!of.runId.isEmpty()) {
            book.event(Log.Level.NOTICE, "+reboot", master, of);
            if (of instanceof Master m && m.rebootDownAfter != 0) {
                m.states.add(State.MASTER_REBOOT);
                m.rebootedAt = book.now;
            }
        }
        of.runId = runId;
    }

    private void discover(Master master, Address address) {
        boolean possible = book.isPlace(address.host(), address.port());
        Replica added = possible ? registry.addReplica(master, address) : null;
        if (added != null) {
            book.event(Log.Level.NOTICE, "+slave", master, added);
            book.save();
        }
    }

    private void replicaFacts(DataNode of, InfoFacts facts) {
        String host = facts.text("master_host");
        int port = (int) facts.number("master_port", 0);
        if (!host.equalsIgnoreCase(of.masterHost) || port != of.masterPort) {
            of.masterHost = host;
            of.masterPort = port;
            of.masterChangedAt = book.now;
        }
        of.masterLinkUp = facts.text("master_link_status").equals("up");
        of.priority = (int) facts.number("slave_priority", of.priority);
        of.offset = facts.number("slave_repl_offset", of.offset);
        of.announced = facts.number("replica_announced", 1) != 0;
    }

    private void role(Master master, DataNode of, Kind role) {
        if (role == of.reportedRole) {
            return;
        }
        of.reportedRole = role;
        of.roleReportedAt = book.now;
        if (role == Kind.REPLICA) {
            of.masterChangedAt = book.now;
        }
        book.event(
                Log.Level.VERBOSE,
                of.kind == role ? "+role-change" : "-role-change",
                master,
                of,
                " new reported role is " + role.word);
    }

    private void react(Master master, Replica replica, Kind role) {
        if (role == Kind.MASTER) {
            becameMaster(master, replica);
            return;
        }
        if (!master.address.isAt(replica.masterHost, replica.masterPort)) {
            followsAnother(master, replica);
        }
        if (replica.is(State.RECONF_SENT)
                && master.promoted != null
                && master.promoted.address.isAt(replica.masterHost, replica.masterPort)) {
            replica.states.remove(State.RECONF_SENT);
            replica.states.add(State.RECONF_INPROG);
            book.event(Log.Level.NOTICE, "+slave-reconf-inprog", master, replica);
        }
        if (replica.is(State.RECONF_INPROG) && replica.masterLinkUp) {
            replica.states.remove(State.RECONF_INPROG);
            replica.states.add(State.RECONF_DONE);
            book.event(Log.Level.NOTICE, "+slave-reconf-done", master, replica);
        }
    }

    private void becameMaster(Master master, Replica replica) {
        if (replica.is(State.PROMOTED)) {
            if (master.inFailover() && master.phase == Phase.WAIT_PROMOTION) {
                failover.promoted(master);
                hello.sendToAll(master);
            }
            return;
        }
        // It was master before, or somebody has made it one. Time to hear of a failover that made it one comes first.
        long patience = book.time(Time.PUBLISH_PERIOD) * HELLOS;
        if (isSane(master)
                && wasUpFor(replica, patience)
                && book.now - replica.roleReportedAt > patience
                && !replica.link.isDown()) {
            speaker.follow(master, replica, master.address);
            book.event(Log.Level.NOTICE, "+convert-to-slave", master, replica);
        }
    }

    private void followsAnother(Master master, Replica replica) {
        if (isSane(master)
                && wasUpFor(replica, master.failoverTimeout)
                && book.now - replica.masterChangedAt > master.failoverTimeout
                && !replica.link.isDown()) {
            speaker.follow(master, replica, master.address);
            book.event(Log.Level.NOTICE, "+fix-slave-config", master, replica);
        }
    }

    /** Whether the master is one beyond doubt. */
    private boolean isSane(Master master) {
        return master.reportedRole == Kind.MASTER
                && !master.isDown()
                && book.now - master.infoAt < book.time(Time.INFO_PERIOD) * SANE_INFOS;
    }

    private boolean wasUpFor(Instance of, long millis) {
        long down = Math.max(of.downSince, of.objectivelyDownSince);
        return down == 0 || book.now - down > millis;
    }
}
