package dev.redisreplication.node.image;

import dev.redisreplication.node.config.ConfigReader.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the variables say of a server, as directives. */
final class ServerVariables {
    static final Set<String> NAMES = Set.of(
            "ALLOW_EMPTY_PASSWORD",
            "REDIS_ACLFILE",
            "REDIS_ALLOW_REMOTE_CONNECTIONS",
            "REDIS_AOF_ENABLED",
            "REDIS_DATABASE",
            "REDIS_DATA_DIR",
            "REDIS_DISABLE_COMMANDS",
            "REDIS_EXTRA_FLAGS",
            "REDIS_IO_THREADS",
            "REDIS_IO_THREADS_DO_READS",
            "REDIS_MASTER_HOST",
            "REDIS_MASTER_PASSWORD",
            "REDIS_MASTER_PORT_NUMBER",
            "REDIS_MASTER_USER",
            "REDIS_OVERRIDES_FILE",
            "REDIS_PASSWORD",
            "REDIS_PORT_NUMBER",
            "REDIS_RDB_POLICY",
            "REDIS_RDB_POLICY_DISABLED",
            "REDIS_REPLICATION_MODE",
            "REDIS_REPLICA_IP",
            "REDIS_REPLICA_PORT",
            "REDIS_REQUIREPASS",
            "REDIS_TLS_AUTH_CLIENTS",
            "REDIS_TLS_CA_DIR",
            "REDIS_TLS_CA_FILE",
            "REDIS_TLS_CERT_FILE",
            "REDIS_TLS_DH_PARAMS_FILE",
            "REDIS_TLS_ENABLED",
            "REDIS_TLS_KEY_FILE",
            "REDIS_TLS_KEY_FILE_PASS",
            "REDIS_TLS_PORT",
            "REDIS_TLS_PORT_NUMBER",
            "REDIS_USER");

    private static final String DEFAULT_PORT = "6379";

    private final Variables variables;
    private final boolean hasFile;
    private final boolean hasPassword;
    private final List<Given> given = new ArrayList<>();

    private ServerVariables(Variables variables, boolean hasFile, boolean hasPassword) {
        this.variables = variables;
        this.hasFile = hasFile;
        this.hasPassword = hasPassword;
    }

    /**
     * The directives, in an order in which later ones count more. What is wrong is noted in {@code variables}.
     *
     * @param hasFile a configuration file is given: only what the variables name counts more than it, and defaults do not
     * @param hasPassword another source than the file sets a password
     */
    static List<Given> directives(Variables variables, boolean hasFile, boolean hasPassword) {
        ServerVariables self = new ServerVariables(variables, hasFile, hasPassword);
        self.network();
        self.persistence();
        self.tls();
        self.users();
        self.replication();
        return List.copyOf(self.given);
    }

    private void add(String variable, String directive, String... words) {
        given.add(new Given("in the environment, " + variable, directive, List.of(words)));
    }

    private void copy(String variable, String directive) {
        if (variables.has(variable)) {
            add(variable, directive, variables.get(variable));
        }
    }

    private void network() {
        copy("REDIS_DATA_DIR", "dir");
        if (variables.has("REDIS_ALLOW_REMOTE_CONNECTIONS")) {
            String[] local = {"127.0.0.1", "-::1"};
            String[] all = {"*", "-::*"};
            boolean remote = variables.yes("REDIS_ALLOW_REMOTE_CONNECTIONS", true);
            add("REDIS_ALLOW_REMOTE_CONNECTIONS", "bind", remote ? all : local);
        }
        copy("REDIS_PORT_NUMBER", "port");
        copy("REDIS_IO_THREADS", "io-threads");
        copy("REDIS_IO_THREADS_DO_READS", "io-threads-do-reads");
    }

    private void persistence() {
        if (variables.has("REDIS_AOF_ENABLED") || !hasFile) {
            add("REDIS_AOF_ENABLED", "appendonly", variables.yes("REDIS_AOF_ENABLED", true) ? "yes" : "no");
        }
        if (variables.has("REDIS_RDB_POLICY")) {
            List<String> words = new ArrayList<>();
            for (String rule : blanks(variables.get("REDIS_RDB_POLICY"))) {
                words.addAll(List.of(rule.split("#", -1)));
            }
            add("REDIS_RDB_POLICY", "save", ""); // instead of the points that a file has
            add("REDIS_RDB_POLICY", "save", words.toArray(String[]::new));
        } else if (variables.yes("REDIS_RDB_POLICY_DISABLED", false)) {
            add("REDIS_RDB_POLICY_DISABLED", "save", "");
        }
    }

    private void tls() {
        if (!variables.yes("REDIS_TLS_ENABLED", false)) {
            return;
        }
        String plain = variables.get("REDIS_PORT_NUMBER", DEFAULT_PORT);
        String tls = variables.get("REDIS_TLS_PORT_NUMBER", variables.get("REDIS_TLS_PORT", DEFAULT_PORT));
        if (plain.equals(tls) && !plain.equals(DEFAULT_PORT)) {
            variables.wrong("REDIS_TLS_PORT_NUMBER", tls + " is the port of REDIS_PORT_NUMBER, too");
        }
        if (plain.equals(tls)) {
            add("REDIS_TLS_ENABLED", "port", "0");
        }
        add("REDIS_TLS_PORT_NUMBER", "tls-port", tls);
        required("REDIS_TLS_CERT_FILE", "tls-cert-file");
        required("REDIS_TLS_KEY_FILE", "tls-key-file");
        copy("REDIS_TLS_KEY_FILE_PASS", "tls-key-file-pass");
        if (variables.has("REDIS_TLS_CA_DIR") && !variables.has("REDIS_TLS_CA_FILE")) {
            copy("REDIS_TLS_CA_DIR", "tls-ca-cert-dir");
        } else {
            required("REDIS_TLS_CA_FILE", "tls-ca-cert-file");
        }
        copy("REDIS_TLS_DH_PARAMS_FILE", "tls-dh-params-file");
        copy("REDIS_TLS_AUTH_CLIENTS", "tls-auth-clients");
        if (variables.has("REDIS_REPLICATION_MODE")) {
            add("REDIS_TLS_ENABLED", "tls-replication", "yes");
        }
    }

    private void required(String variable, String directive) {
        if (variables.has(variable)) {
            copy(variable, directive);
        } else {
            variables.wrong(variable, "REDIS_TLS_ENABLED needs it");
        }
    }

    /** The password of the default user: that of another user is for clients only. */
    private String password() {
        return variables.get("REDIS_REQUIREPASS", variables.has("REDIS_USER") ? "" : variables.get("REDIS_PASSWORD"));
    }

    private void users() {
        boolean none = password().isEmpty() && !variables.has("REDIS_PASSWORD") && !hasPassword;
        if (!variables.yes("ALLOW_EMPTY_PASSWORD", false) && none && !hasFile) {
            variables.wrong(
                    "REDIS_PASSWORD",
                    "is empty or not set, and anybody could get in; if that is what you want, set ALLOW_EMPTY_PASSWORD=yes");
        }
        copy("REDIS_ACLFILE", "aclfile");
        disable();
        if (!password().isEmpty()) {
            String source = variables.has("REDIS_REQUIREPASS") ? "REDIS_REQUIREPASS" : "REDIS_PASSWORD";
            add(source, "requirepass", password());
        }
    }

    /** Clients cannot call these, whoever they are; files and streams still may have them. */
    private void disable() {
        for (String command : blanks(variables.get("REDIS_DISABLE_COMMANDS").replace(',', ' '))) {
            add("REDIS_DISABLE_COMMANDS", "rename-command", command, "");
        }
    }

    private void replication() {
        copy("REDIS_REPLICA_IP", "replica-announce-ip");
        copy("REDIS_REPLICA_PORT", "replica-announce-port");
        String mode = variables.get("REDIS_REPLICATION_MODE");
        if (mode.isEmpty()) {
            return;
        }
        boolean replica = mode.equals("slave") || mode.equals("replica");
        if (!replica && !mode.equals("master")) {
            variables.wrong("REDIS_REPLICATION_MODE", "'" + mode + "' is none of master, replica and slave");
            return;
        }
        // A master has it as well: it may be a replica one day.
        copy("REDIS_MASTER_USER", "masteruser");
        String masters = variables.get("REDIS_MASTER_PASSWORD", variables.has("REDIS_MASTER_USER") ? "" : password());
        if (!masters.isEmpty()) {
            add(
                    variables.has("REDIS_MASTER_PASSWORD") ? "REDIS_MASTER_PASSWORD" : "REDIS_PASSWORD",
                    "masterauth",
                    masters);
        }
        if (replica && !variables.has("REDIS_MASTER_HOST")) {
            variables.wrong(
                    "REDIS_MASTER_HOST",
                    "a replica needs it"
                            + (variables.has("REDIS_SENTINEL_HOST") ? ": a Sentinel is not asked for it" : ""));
        } else if (replica) {
            String port = variables.port("REDIS_MASTER_PORT_NUMBER", DEFAULT_PORT);
            add("REDIS_MASTER_HOST", "replicaof", variables.get("REDIS_MASTER_HOST"), port);
        }
    }

    /** The words between blanks. */
    static List<String> blanks(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+", -1));
    }
}
