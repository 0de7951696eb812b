package dev.redisreplication.api.v1alpha1;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Directives of redis.conf that {@code spec.config} may not hold, each with the reason. */
public final class OwnedDirectives {
    // Each list is a CEL list's content, quoted and separated by commas: the single source of REASONS, too.

    static final String SET_BY_OPERATOR =
            "'port', 'dir', 'managed', 'health-port', 'requirepass', 'requirepass-file', 'masterauth', 'masterauth-file',"
                    + " 'masteruser', 'replicaof', 'slaveof', 'replica-announce-ip', 'replica-announce-port',"
                    + " 'slave-announce-ip', 'slave-announce-port', 'unloadable-data', 'appendonly', 'appenddirname'";
    static final String WHY_SET = "the operator sets this itself";

    static final String SHUTTING_OUT =
            "'aclfile', 'rename-command', 'bind', 'bind-source-addr', 'protected-mode', 'tls-port',"
                    + " 'tls-replication', 'unixsocket'";
    static final String WHY_SHUTTING_OUT = "this could shut out the operator, the replicas or the clients";

    static final String RELIED_ON =
            "'replica-read-only', 'slave-read-only', 'shutdown-on-sigterm', 'cluster-enabled', 'sentinel', 'include',"
                    + " 'loadmodule', 'daemonize', 'supervised', 'pidfile', 'logfile'";
    static final String WHY_RELIED_ON = "the operator relies on the default of this";

    /** Why each of them, by its name in lower case. */
    public static final Map<String, String> REASONS = reasons();

    private OwnedDirectives() {}

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        add(reasons, SET_BY_OPERATOR, WHY_SET);
        add(reasons, SHUTTING_OUT, WHY_SHUTTING_OUT);
        add(reasons, RELIED_ON, WHY_RELIED_ON);
        return Collections.unmodifiableMap(reasons);
    }

    private static void add(Map<String, String> reasons, String names, String reason) {
        Arrays.stream(names.split(",", -1))
                .forEach(name -> reasons.put(name.strip().replace("'", ""), reason));
    }
}
