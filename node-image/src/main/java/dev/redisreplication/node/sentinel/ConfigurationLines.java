package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.config.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The lines {@code sentinel ...} that say what a Sentinel knows, in Redis' order; what is so by default has none. */
final class ConfigurationLines {
    private final Book book;
    private final List<String> lines = new ArrayList<>();

    ConfigurationLines(Book book) {
        this.book = book;
    }

    List<String> all() {
        line("myid", book.myId);
        if (!book.globals.denyScripts) {
            line("deny-scripts-reconfig", "no");
        }
        if (book.globals.resolveHostnames) {
            line("resolve-hostnames", "yes");
        }
        if (book.globals.announceHostnames) {
            line("announce-hostnames", "yes");
        }
        book.masters.values().forEach(this::master);
        line("current-epoch", Long.toUnsignedString(book.epoch));
        line("announce-ip", book.globals.announceIp);
        if (book.globals.announcePort != 0) {
            line("announce-port", Integer.toString(book.globals.announcePort));
        }
        line("sentinel-user", book.globals.sentinelUser);
        line("sentinel-pass", book.globals.sentinelPass);
        return lines;
    }

    private void master(Master m) {
        Address at = m.current();
        line("monitor", m.name, host(at), port(at), Integer.toString(m.quorum));
        millis(m, "down-after-milliseconds", m.downAfter, book.time(Time.DEFAULT_DOWN_AFTER));
        millis(m, "failover-timeout", m.failoverTimeout, book.time(Time.DEFAULT_FAILOVER_TIMEOUT));
        millis(m, "parallel-syncs", m.parallelSyncs, 1);
        text(m, "notification-script", m.notificationScript);
        text(m, "client-reconfig-script", m.reconfigScript);
        text(m, "auth-pass", m.authPass);
        text(m, "auth-user", m.authUser);
        millis(m, "master-reboot-down-after-period", m.rebootDownAfter, 0);
        for (Map.Entry<String, String> renamed : m.renamed.entrySet()) {
            line("rename-command", m.name, renamed.getKey(), renamed.getValue());
        }
        line("config-epoch", m.name, Long.toUnsignedString(m.configEpoch));
        line("leader-epoch", m.name, Long.toUnsignedString(m.leaderEpoch));
        for (Replica replica : m.replicas.values()) {
            // Once a replica is the master, the old master is written in its place.
            Address address = replica.address.isSame(at) ? m.address : replica.address;
            line("known-replica", m.name, host(address), port(address));
        }
        for (OtherSentinel sentinel : m.sentinels.values()) {
            line("known-sentinel", m.name, host(sentinel.address), port(sentinel.address), sentinel.runId);
        }
    }

    private void millis(Master m, String directive, long value, long usual) {
        if (value != usual) {
            line(directive, m.name, Long.toString(value));
        }
    }

    private void text(Master m, String directive, String value) {
        if (!value.isEmpty()) {
            line(directive, m.name, value);
        }
    }

    private String host(Address address) {
        return book.host(address);
    }

    private static String port(Address address) {
        return Integer.toString(address.port());
    }

    private void line(String directive, String... words) {
        if (words[words.length - 1].isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder("sentinel ").append(directive);
        for (String word : words) {
            line.append(' ').append(Words.quote(word));
        }
        lines.add(line.toString());
    }
}
