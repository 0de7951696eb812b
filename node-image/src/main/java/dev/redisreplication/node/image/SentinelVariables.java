package dev.redisreplication.node.image;

import dev.redisreplication.node.config.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the variables say of a Sentinel, as lines of its configuration file, which it rewrites from then on. */
final class SentinelVariables {
    static final Set<String> NAMES = Set.of(
            "REDIS_MASTER_SET",
            "REDIS_SENTINEL_ANNOUNCE_HOSTNAMES",
            "REDIS_SENTINEL_ANNOUNCE_IP",
            "REDIS_SENTINEL_ANNOUNCE_PORT",
            "REDIS_SENTINEL_AOF_ENABLED",
            "REDIS_SENTINEL_DATABASE",
            "REDIS_SENTINEL_DATA_DIR",
            "REDIS_SENTINEL_DISABLE_COMMANDS",
            "REDIS_SENTINEL_DOWN_AFTER_MILLISECONDS",
            "REDIS_SENTINEL_FAILOVER_TIMEOUT",
            "REDIS_SENTINEL_HOST",
            "REDIS_SENTINEL_MASTER_NAME",
            "REDIS_SENTINEL_MASTER_REBOOT_DOWN_AFTER_PERIOD",
            "REDIS_SENTINEL_PASSWORD",
            "REDIS_SENTINEL_PORT_NUMBER",
            "REDIS_SENTINEL_QUORUM",
            "REDIS_SENTINEL_RESOLVE_HOSTNAMES",
            "REDIS_SENTINEL_TLS_AUTH_CLIENTS",
            "REDIS_SENTINEL_TLS_CA_DIR",
            "REDIS_SENTINEL_TLS_CA_FILE",
            "REDIS_SENTINEL_TLS_CERT_FILE",
            "REDIS_SENTINEL_TLS_DH_PARAMS_FILE",
            "REDIS_SENTINEL_TLS_ENABLED",
            "REDIS_SENTINEL_TLS_KEY_FILE",
            "REDIS_SENTINEL_TLS_PORT_NUMBER");

    private static final String DEFAULT_PORT = "26379";

    private final Variables variables;
    private final String master;
    private final List<String> lines = new ArrayList<>();

    private SentinelVariables(Variables variables) {
        this.variables = variables;
        this.master = variables.get("REDIS_MASTER_SET", "mymaster");
    }

    /** The lines. What is wrong is noted in {@code variables}. */
    static List<String> lines(Variables variables) {
        SentinelVariables self = new SentinelVariables(variables);
        self.itself();
        self.master();
        self.tls();
        return List.copyOf(self.lines);
    }

    private void add(String directive, String... words) {
        StringBuilder line = new StringBuilder(directive);
        for (String word : words) {
            line.append(' ').append(Words.quote(word));
        }
        lines.add(line.toString());
    }

    private void copy(String variable, String directive) {
        if (variables.has(variable)) {
            add(directive, variables.get(variable));
        }
    }

    private void itself() {
        add("protected-mode", "no");
        copy("REDIS_SENTINEL_PASSWORD", "requirepass");
        // Before the master: its name may have to be looked up.
        add("sentinel resolve-hostnames", variables.yes("REDIS_SENTINEL_RESOLVE_HOSTNAMES", true) ? "yes" : "no");
        add("sentinel announce-hostnames", variables.yes("REDIS_SENTINEL_ANNOUNCE_HOSTNAMES", false) ? "yes" : "no");
        copy("REDIS_SENTINEL_ANNOUNCE_IP", "sentinel announce-ip");
        if (variables.has("REDIS_SENTINEL_ANNOUNCE_PORT")) {
            add("sentinel announce-port", variables.port("REDIS_SENTINEL_ANNOUNCE_PORT", DEFAULT_PORT));
        }
    }

    private void master() {
        String quorum = variables.positive("REDIS_SENTINEL_QUORUM", "2");
        String port = variables.port("REDIS_MASTER_PORT_NUMBER", "6379");
        add("sentinel monitor", master, variables.get("REDIS_MASTER_HOST", "redis"), port, quorum);
        add(
                "sentinel down-after-milliseconds",
                master,
                variables.positive("REDIS_SENTINEL_DOWN_AFTER_MILLISECONDS", "60000"));
        add("sentinel failover-timeout", master, variables.positive("REDIS_SENTINEL_FAILOVER_TIMEOUT", "180000"));
        add("sentinel parallel-syncs", master, "1");
        masters("REDIS_MASTER_PASSWORD", "sentinel auth-pass");
        masters("REDIS_MASTER_USER", "sentinel auth-user");
        masters("REDIS_SENTINEL_MASTER_REBOOT_DOWN_AFTER_PERIOD", "sentinel master-reboot-down-after-period");
    }

    private void masters(String variable, String directive) {
        if (variables.has(variable)) {
            add(directive, master, variables.get(variable));
        }
    }

    private void tls() {
        String plain = variables.get("REDIS_SENTINEL_PORT_NUMBER", DEFAULT_PORT);
        if (!variables.yes("REDIS_SENTINEL_TLS_ENABLED", false)) {
            add("port", variables.port("REDIS_SENTINEL_PORT_NUMBER", DEFAULT_PORT));
            return;
        }
        String tls = variables.port("REDIS_SENTINEL_TLS_PORT_NUMBER", DEFAULT_PORT);
        if (plain.equals(tls) && !plain.equals(DEFAULT_PORT)) {
            variables.wrong("REDIS_SENTINEL_TLS_PORT_NUMBER", tls + " is the port of REDIS_SENTINEL_PORT_NUMBER, too");
        }
        add("port", plain.equals(tls) ? "0" : plain);
        add("tls-port", tls);
        required("REDIS_SENTINEL_TLS_CERT_FILE", "tls-cert-file");
        required("REDIS_SENTINEL_TLS_KEY_FILE", "tls-key-file");
        if (variables.has("REDIS_SENTINEL_TLS_CA_DIR") && !variables.has("REDIS_SENTINEL_TLS_CA_FILE")) {
            copy("REDIS_SENTINEL_TLS_CA_DIR", "tls-ca-cert-dir");
        } else {
            required("REDIS_SENTINEL_TLS_CA_FILE", "tls-ca-cert-file");
        }
        copy("REDIS_SENTINEL_TLS_DH_PARAMS_FILE", "tls-dh-params-file");
        copy("REDIS_SENTINEL_TLS_AUTH_CLIENTS", "tls-auth-clients");
        add("tls-replication", "yes");
    }

    private void required(String variable, String directive) {
        if (variables.has(variable)) {
            copy(variable, directive);
        } else {
            variables.wrong(variable, "REDIS_SENTINEL_TLS_ENABLED needs it");
        }
    }
}
