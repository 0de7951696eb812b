package dev.redisreplication.api.v1alpha1;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Directives of redis.conf that {@code spec.config} may not hold, because the operator sets them or relies on their default. */
public final class OwnedDirectives {

    /** The names as a CEL list's content, quoted and separated by commas: the single source of {@link #NAMES}. */
    static final String CEL_LIST =
            "'port', 'tls-port', 'tls-replication', 'bind', 'bind-source-addr', 'protected-mode', 'unixsocket',"
                    + " 'dir', 'include', 'loadmodule', 'daemonize', 'supervised', 'pidfile', 'logfile', 'rename-command',"
                    + " 'requirepass', 'requirepass-file', 'masterauth', 'masterauth-file', 'masteruser', 'replicaof', 'slaveof', 'replica-read-only', 'slave-read-only',"
                    + " 'replica-announce-ip', 'replica-announce-port', 'slave-announce-ip', 'slave-announce-port',"
                    + " 'managed', 'health-port', 'unloadable-data', 'appendonly', 'appenddirname', 'cluster-enabled', 'sentinel'";

    /** Their names, lower case. */
    public static final Set<String> NAMES = Arrays.stream(CEL_LIST.split(","))
            .map(name -> name.strip().replace("'", ""))
            .collect(Collectors.toUnmodifiableSet());

    private OwnedDirectives() {}
}
