package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.sentinel.Instance.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What a Sentinel tells of those it watches, by name and value in Redis' order. */
public final class Views {
    private final Book book;

    Views(Book book) {
        this.book = book;
    }

    /** The master of that name, or null. */
    public Master master(String name) {
        return book.masters.get(name);
    }

    /** All masters, by name. */
    public Collection<Master> masters() {
        return book.masters.values();
    }

    /** Names of the failures that are simulated, one bit each. */
    public int failureFlags() {
        int flags = 0;
        for (Book.Failure failure : book.failures) {
            flags |= 1 << failure.ordinal();
        }
        return flags;
    }

    /** Whether it is in TILT, and for how many seconds; -1 if not. */
    public long tiltSeconds() {
        return book.inTilt() ? (book.now - book.tiltSince) / 1000 : -1;
    }

    /** One of the times of SENTINEL DEBUG, in milliseconds. */
    public long time(Time which) {
        return book.time(which);
    }

    /** The times of SENTINEL DEBUG. */
    public Map<String, String> times() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Time time : Time.values()) {
            all.put(time.option().toUpperCase(Locale.ROOT), Long.toString(book.time(time)));
        }
        return all;
    }

    /** An address as clients are told it: host and port. */
    public List<String> place(Address address) {
        return List.of(book.host(address), Integer.toString(address.port()));
    }

    /** The line of a master in INFO. */
    public String summary(Master m) {
        String status = m.is(State.O_DOWN) ? "odown" : m.is(State.S_DOWN) ? "sdown" : "ok";
        return "name=" + m.name + ",status=" + status + ",address=" + book.host(m.address) + ":" + m.address.port()
                + ",slaves=" + m.replicas.size() + ",sentinels=" + (m.sentinels.size() + 1);
    }

    /** The replicas of a master that are to be known. */
    public List<Map<String, String>> replicas(Master master) {
        List<Map<String, String>> all = new ArrayList<>();
        for (Replica replica : master.replicas.values()) {
            if (replica.announced) {
                all.add(view(master, replica));
            }
        }
        return all;
    }

    /** The other Sentinels of a master. */
    public List<Map<String, String>> sentinels(Master master) {
        List<Map<String, String>> all = new ArrayList<>();
        master.sentinels.values().forEach(sentinel -> all.add(view(master, sentinel)));
        return all;
    }

    /** One cached INFO, with its age in milliseconds. */
    public record CachedInfo(long age, String text) {}

    /** What master and replicas said last; null where one has said nothing. */
    public List<CachedInfo> infos(Master master) {
        book.begin();
        List<CachedInfo> all = new ArrayList<>();
        for (Instance instance : master.everybody()) {
            if (instance instanceof DataNode node) {
                all.add(new CachedInfo(node.infoAt == 0 ? 0 : age(node.infoAt), node.infoAt == 0 ? null : node.info));
            }
        }
        return all;
    }

    /** All of a master. */
    public Map<String, String> view(Master master) {
        return view(master, master);
    }

    private Map<String, String> view(Master master, Instance of) {
        book.begin();
        Map<String, String> view = new LinkedHashMap<>();
        view.put("name", of.name);
        view.put("ip", book.host(of.address));
        view.put("port", Integer.toString(of.address.port()));
        view.put("runid", of.runId);
        view.put("flags", flags(of));
        put(view, "link-pending-commands", of.link.pending);
        put(view, "link-refcount", of.link.shared);
        if (of == master && master.inFailover()) {
            view.put("failover-state", master.phase.word);
        }
        put(view, "last-ping-sent", of.link.unansweredPing == 0 ? 0 : age(of.link.unansweredPing));
        put(view, "last-ok-ping-reply", age(of.link.lastAvailable));
        put(view, "last-ping-reply", age(of.link.lastPong));
        if (of.is(State.S_DOWN)) {
            put(view, "s-down-time", age(of.downSince));
        }
        if (of.is(State.O_DOWN)) {
            put(view, "o-down-time", age(of.objectivelyDownSince));
        }
        put(view, "down-after-milliseconds", of.downAfter);
        if (of instanceof DataNode node) {
            dataNode(view, node);
        }
        switch (of) {
            case Master m -> master(view, m);
            case Replica r -> replica(view, r);
            case OtherSentinel s -> sentinel(view, s);
            default -> throw new IllegalStateException("unknown kind " + of.kind);
        }
        return view;
    }

    private void dataNode(Map<String, String> view, DataNode node) {
        put(view, "info-refresh", node.infoAt == 0 ? 0 : age(node.infoAt));
        view.put("role-reported", node.reportedRole.word);
        put(view, "role-reported-time", age(node.roleReportedAt));
    }

    private void master(Map<String, String> view, Master m) {
        view.put("config-epoch", Long.toUnsignedString(m.configEpoch));
        put(view, "num-slaves", m.replicas.size());
        put(view, "num-other-sentinels", m.sentinels.size());
        put(view, "quorum", m.quorum);
        put(view, "failover-timeout", m.failoverTimeout);
        put(view, "parallel-syncs", m.parallelSyncs);
        if (!m.notificationScript.isEmpty()) {
            view.put("notification-script", m.notificationScript);
        }
        if (!m.reconfigScript.isEmpty()) {
            view.put("client-reconfig-script", m.reconfigScript);
        }
    }

    private void replica(Map<String, String> view, Replica r) {
        put(view, "master-link-down-time", r.masterLinkDown);
        view.put("master-link-status", r.masterLinkUp ? "ok" : "err");
        view.put("master-host", r.masterHost.isEmpty() ? "?" : r.masterHost);
        put(view, "master-port", r.masterPort);
        put(view, "slave-priority", r.priority);
        put(view, "slave-repl-offset", r.offset);
        put(view, "replica-announced", r.announced ? 1 : 0);
    }

    private void sentinel(Map<String, String> view, OtherSentinel s) {
        put(view, "last-hello-message", age(s.lastHelloAt));
        view.put("voted-leader", s.vote.isEmpty() ? "?" : s.vote);
        view.put("voted-leader-epoch", Long.toUnsignedString(s.voteEpoch));
    }

    private long age(long since) {
        return book.now - since;
    }

    private static void put(Map<String, String> view, String name, long value) {
        view.put(name, Long.toString(value));
    }

    private static String flags(Instance of) {
        StringJoiner flags = new StringJoiner(",");
        boolean kindSaid = false;
        for (State state : State.values()) {
            if (!kindSaid && state.compareTo(State.O_DOWN) > 0) {
                sayKind(flags, of);
                kindSaid = true;
            }
            if (of.is(state)) {
                flags.add(state.name().toLowerCase(Locale.ROOT));
            }
        }
        return flags.toString();
    }

    private static void sayKind(StringJoiner flags, Instance of) {
        flags.add(of.kind.word);
        if (of.link.isDown()) {
            flags.add("disconnected");
        }
    }
}
