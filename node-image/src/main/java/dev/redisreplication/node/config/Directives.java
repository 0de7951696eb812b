package dev.redisreplication.node.config;

import static dev.redisreplication.node.config.Kinds.FILE_NAME;
import static dev.redisreplication.node.config.Kinds.MEMORY;
import static dev.redisreplication.node.config.Kinds.TEXT;
import static dev.redisreplication.node.config.Kinds.WORDS;
import static dev.redisreplication.node.config.Kinds.YES_NO;
import static dev.redisreplication.node.config.Kinds.clamped;
import static dev.redisreplication.node.config.Kinds.memory;
import static dev.redisreplication.node.config.Kinds.number;
import static dev.redisreplication.node.config.Kinds.oneOf;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The directives that this server reads, each declared here and nowhere else: name, kind with its check, default, whether
 * CONFIG SET can set it. Directives that are accepted without effect, or refused, have a line in {@code directives.tsv}.
 */
public final class Directives {
    private static final long INT = Integer.MAX_VALUE;
    private static final long LONG = Long.MAX_VALUE;
    private static final DirectiveTable TABLE = new DirectiveTable();

    // spotless:off: one line a directive
    // network
    public static final Directive<List<String>> BIND = at("bind", WORDS, "* -::*").live();
    public static final Directive<String> BIND_SOURCE_ADDR = at("bind-source-addr", TEXT, "").live();
    public static final Directive<Long> PORT = at("port", number(0, 65535), "6379").live();
    public static final Directive<Long> HEALTH_PORT = at("health-port", number(0, 65535), "0").start();
    public static final Directive<Long> TCP_BACKLOG = at("tcp-backlog", number(0, INT), "511").start();
    public static final Directive<Long> TCP_KEEPALIVE = at("tcp-keepalive", number(0, INT), "300").live();
    public static final Directive<Long> TIMEOUT = at("timeout", number(0, INT), "0").live();
    public static final Directive<String> UNIXSOCKET = at("unixsocket", TEXT, "").start();
    public static final Directive<Integer> UNIXSOCKETPERM = at("unixsocketperm", Kinds.OCTAL, "0").start();
    public static final Directive<String> IO_TRANSPORT = at("io-transport", oneOf("auto", "epoll", "io_uring", "nio"), "auto").start();
    public static final Directive<Long> IO_LINGER = at("io-linger", number(0, 1000), "20").start();

    // TLS
    public static final Directive<Long> TLS_PORT = at("tls-port", number(0, 65535), "0").live();
    public static final Directive<String> TLS_CERT_FILE = at("tls-cert-file", TEXT, "").live();
    public static final Directive<String> TLS_KEY_FILE = at("tls-key-file", TEXT, "").live();
    public static final Directive<String> TLS_KEY_FILE_PASS = at("tls-key-file-pass", TEXT, "").live();
    public static final Directive<String> TLS_CLIENT_CERT_FILE = at("tls-client-cert-file", TEXT, "").live();
    public static final Directive<String> TLS_CLIENT_KEY_FILE = at("tls-client-key-file", TEXT, "").live();
    public static final Directive<String> TLS_CLIENT_KEY_FILE_PASS = at("tls-client-key-file-pass", TEXT, "").live();
    public static final Directive<String> TLS_CA_CERT_FILE = at("tls-ca-cert-file", TEXT, "").live();
    public static final Directive<String> TLS_CA_CERT_DIR = at("tls-ca-cert-dir", TEXT, "").live();
    public static final Directive<String> TLS_AUTH_CLIENTS = at("tls-auth-clients", oneOf("no", "yes", "optional"), "yes").live();
    public static final Directive<String> TLS_PROTOCOLS = at("tls-protocols", TEXT, "").live();
    public static final Directive<String> TLS_CIPHERS = at("tls-ciphers", TEXT, "").live();
    public static final Directive<String> TLS_CIPHERSUITES = at("tls-ciphersuites", TEXT, "").live();
    public static final Directive<Boolean> TLS_PREFER_SERVER_CIPHERS = at("tls-prefer-server-ciphers", YES_NO, "no").live();
    public static final Directive<String> TLS_DH_PARAMS_FILE = at("tls-dh-params-file", TEXT, "").live();
    public static final Directive<Boolean> TLS_SESSION_CACHING = at("tls-session-caching", YES_NO, "yes").live();
    public static final Directive<Long> TLS_SESSION_CACHE_SIZE = at("tls-session-cache-size", number(0, INT), "20480").live();
    public static final Directive<Long> TLS_SESSION_CACHE_TIMEOUT = at("tls-session-cache-timeout", number(0, INT), "300").live();
    public static final Directive<Boolean> TLS_REPLICATION = at("tls-replication", YES_NO, "no").live();
    public static final Directive<Boolean> TLS_CLUSTER = at("tls-cluster", YES_NO, "no").live();

    // who may do what, and how much of it
    public static final Directive<String> REQUIREPASS = at("requirepass", TEXT, "").live();
    public static final Directive<String> REQUIREPASS_FILE = at("requirepass-file", TEXT, "").start();
    public static final Directive<String> ACLFILE = at("aclfile", TEXT, "").start();
    public static final Directive<Long> ACLLOG_MAX_LEN = at("acllog-max-len", number(0, LONG), "128").live();
    public static final Directive<String> ACL_PUBSUB_DEFAULT = at("acl-pubsub-default", oneOf("allchannels", "resetchannels"), "resetchannels").live();
    public static final Directive<Boolean> PROTECTED_MODE = at("protected-mode", YES_NO, "yes").live();
    public static final Directive<String> ENABLE_DEBUG_COMMAND = at("enable-debug-command", oneOf("no", "yes", "local"), "no").start();
    public static final Directive<Long> MAXCLIENTS = at("maxclients", number(1, 1_000_000), "10000").live();
    public static final Directive<Long> PROTO_MAX_BULK_LEN = at("proto-max-bulk-len", memory(1 << 20, INT), "536870912").live();
    public static final Directive<Long> CLIENT_QUERY_BUFFER_LIMIT = at("client-query-buffer-limit", memory(1 << 20, LONG), "1073741824").live();
    public static final Directive<OutputLimits> CLIENT_OUTPUT_BUFFER_LIMIT = at("client-output-buffer-limit", Kinds.OUTPUT_LIMITS,
            "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60").live();

    // scripts
    public static final Directive<Long> BUSY_REPLY_THRESHOLD = at("busy-reply-threshold", number(0, LONG), "5000").alias("lua-time-limit").live();

    // memory and data
    public static final Directive<Long> DATABASES = at("databases", number(1, 65536), "16").start();
    public static final Directive<Long> HZ = at("hz", clamped(0, INT, 1, 500), "10").live();
    public static final Directive<Long> MAXMEMORY = at("maxmemory", MEMORY, "0").live();
    public static final Directive<String> MAXMEMORY_POLICY = at("maxmemory-policy", oneOf("volatile-lru", "volatile-lfu", "volatile-random",
            "volatile-ttl", "allkeys-lru", "allkeys-lfu", "allkeys-random", "noeviction"), "noeviction").live();
    public static final Directive<Long> MAXMEMORY_SAMPLES = at("maxmemory-samples", number(1, INT), "5").live();
    public static final Directive<Long> MAXMEMORY_EVICTION_TENACITY = at("maxmemory-eviction-tenacity", number(0, 100), "10").live();
    public static final Directive<Long> LFU_LOG_FACTOR = at("lfu-log-factor", number(0, INT), "10").live();
    public static final Directive<Long> LFU_DECAY_TIME = at("lfu-decay-time", number(0, INT), "1").live();
    public static final Directive<MemoryShare> MAXMEMORY_CLIENTS = at("maxmemory-clients", Kinds.MEMORY_OR_PERCENT, "0").live();
    public static final Directive<Long> HASH_MAX_LISTPACK_ENTRIES = at("hash-max-listpack-entries", number(0, LONG), "512").alias("hash-max-ziplist-entries").live();
    public static final Directive<Long> HASH_MAX_LISTPACK_VALUE = at("hash-max-listpack-value", MEMORY, "64").alias("hash-max-ziplist-value").live();
    public static final Directive<Long> SET_MAX_INTSET_ENTRIES = at("set-max-intset-entries", number(0, LONG), "512").live();
    public static final Directive<Long> ZSET_MAX_LISTPACK_ENTRIES = at("zset-max-listpack-entries", number(0, LONG), "128").alias("zset-max-ziplist-entries").live();
    public static final Directive<Long> ZSET_MAX_LISTPACK_VALUE = at("zset-max-listpack-value", MEMORY, "64").alias("zset-max-ziplist-value").live();
    public static final Directive<Long> HLL_SPARSE_MAX_BYTES = at("hll-sparse-max-bytes", memory(0, LONG), "3000").live();

    // who is told of changes
    public static final Directive<EventClasses> NOTIFY_KEYSPACE_EVENTS = at("notify-keyspace-events", Kinds.EVENT_CLASSES, "").live();
    public static final Directive<Long> TRACKING_TABLE_MAX_KEYS = at("tracking-table-max-keys", number(0, LONG), "1000000").live();

    // how long things take
    public static final Directive<Long> SLOWLOG_LOG_SLOWER_THAN = at("slowlog-log-slower-than", number(-1, LONG), "10000").live();
    public static final Directive<Long> SLOWLOG_MAX_LEN = at("slowlog-max-len", number(0, LONG), "128").live();
    public static final Directive<Long> LATENCY_MONITOR_THRESHOLD = at("latency-monitor-threshold", number(0, LONG), "0").live();
    public static final Directive<Boolean> LATENCY_TRACKING = at("latency-tracking", YES_NO, "yes").live();
    public static final Directive<List<Double>> LATENCY_TRACKING_INFO_PERCENTILES = at("latency-tracking-info-percentiles", Kinds.PERCENTILES, "50 99 99.9").live();

    // persistence
    public static final Directive<String> DIR = at("dir", TEXT, ".").guarded();
    public static final Directive<String> DBFILENAME = at("dbfilename", FILE_NAME, "dump.rdb").guarded();
    public static final Directive<SaveRules> SAVE = at("save", Kinds.SAVE, "3600 1 300 100 60 10000").live();
    public static final Directive<Boolean> RDBCHECKSUM = at("rdbchecksum", YES_NO, "yes").start();
    public static final Directive<Boolean> RDB_DEL_SYNC_FILES = at("rdb-del-sync-files", YES_NO, "no").live();
    public static final Directive<Boolean> RDBCOMPRESSION = at("rdbcompression", YES_NO, "yes").live();
    public static final Directive<Boolean> STOP_WRITES_ON_BGSAVE_ERROR = at("stop-writes-on-bgsave-error", YES_NO, "yes").live();
    public static final Directive<Boolean> APPENDONLY = at("appendonly", YES_NO, "no").live();
    public static final Directive<Fsync> APPENDFSYNC = at("appendfsync", oneOf(Fsync.class), "everysec").live();
    public static final Directive<String> APPENDFILENAME = at("appendfilename", FILE_NAME, "appendonly.aof").start();
    public static final Directive<String> APPENDDIRNAME = at("appenddirname", FILE_NAME, "appendonlydir").start();
    public static final Directive<Boolean> AOF_LOAD_TRUNCATED = at("aof-load-truncated", YES_NO, "yes").live();
    public static final Directive<Boolean> AOF_TIMESTAMP_ENABLED = at("aof-timestamp-enabled", YES_NO, "no").live();
    public static final Directive<Boolean> AOF_USE_RDB_PREAMBLE = at("aof-use-rdb-preamble", YES_NO, "yes").live();
    public static final Directive<Long> AUTO_AOF_REWRITE_MIN_SIZE = at("auto-aof-rewrite-min-size", MEMORY, "67108864").live();
    public static final Directive<Long> AUTO_AOF_REWRITE_PERCENTAGE = at("auto-aof-rewrite-percentage", number(0, INT), "100").live();
    public static final Directive<String> UNLOADABLE_DATA = at("unloadable-data", oneOf("fail", "wait"), "fail").start();

    // replication
    public static final Directive<MasterAddress> REPLICAOF = at("replicaof", Kinds.MASTER, "").alias("slaveof").start();
    public static final Directive<Boolean> MANAGED = at("managed", YES_NO, "no").start();
    public static final Directive<String> MASTERAUTH = at("masterauth", TEXT, "").live();
    public static final Directive<String> MASTERAUTH_FILE = at("masterauth-file", TEXT, "").start();
    public static final Directive<String> MASTERUSER = at("masteruser", TEXT, "").live();
    public static final Directive<Long> MIN_REPLICAS_MAX_LAG = at("min-replicas-max-lag", number(0, INT), "10").alias("min-slaves-max-lag").live();
    public static final Directive<Long> MIN_REPLICAS_TO_WRITE = at("min-replicas-to-write", number(0, INT), "0").alias("min-slaves-to-write").live();
    public static final Directive<Long> REPL_BACKLOG_SIZE = at("repl-backlog-size", memory(1, LONG), "1048576").live();
    public static final Directive<Long> REPL_BACKLOG_TTL = at("repl-backlog-ttl", number(0, LONG / 1000), "3600").live();
    public static final Directive<String> REPL_DISKLESS_LOAD = at("repl-diskless-load", oneOf("disabled", "on-empty-db", "swapdb"), "disabled").live();
    public static final Directive<Boolean> REPL_DISKLESS_SYNC = at("repl-diskless-sync", YES_NO, "yes").live();
    public static final Directive<Long> REPL_DISKLESS_SYNC_DELAY = at("repl-diskless-sync-delay", number(0, INT), "5").live();
    public static final Directive<Long> REPL_DISKLESS_SYNC_MAX_REPLICAS = at("repl-diskless-sync-max-replicas", number(0, INT), "0").live();
    public static final Directive<Long> REPL_PING_REPLICA_PERIOD = at("repl-ping-replica-period", number(1, INT), "10").alias("repl-ping-slave-period").live();
    public static final Directive<Long> REPL_TIMEOUT = at("repl-timeout", number(1, INT), "60").live();
    public static final Directive<String> REPLICA_ANNOUNCE_IP = at("replica-announce-ip", TEXT, "").alias("slave-announce-ip").live();
    public static final Directive<Long> REPLICA_ANNOUNCE_PORT = at("replica-announce-port", number(0, 65535), "0").alias("slave-announce-port").live();
    public static final Directive<Boolean> REPLICA_ANNOUNCED = at("replica-announced", YES_NO, "yes").live();
    public static final Directive<Boolean> REPLICA_IGNORE_DISK_WRITE_ERRORS = at("replica-ignore-disk-write-errors", YES_NO, "no").live();
    public static final Directive<Boolean> REPLICA_IGNORE_MAXMEMORY = at("replica-ignore-maxmemory", YES_NO, "yes").alias("slave-ignore-maxmemory").live();
    public static final Directive<Long> REPLICA_PRIORITY = at("replica-priority", number(0, INT), "100").alias("slave-priority").live();
    public static final Directive<Boolean> REPLICA_READ_ONLY = at("replica-read-only", YES_NO, "yes").alias("slave-read-only").live();
    public static final Directive<Boolean> REPLICA_SERVE_STALE_DATA = at("replica-serve-stale-data", YES_NO, "yes").alias("slave-serve-stale-data").live();

    // the process
    public static final Directive<String> LOGFILE = at("logfile", TEXT, "").start();
    public static final Directive<String> LOGLEVEL = at("loglevel", oneOf("debug", "verbose", "notice", "warning"), "notice").live();
    public static final Directive<String> PIDFILE = at("pidfile", TEXT, "").start();
    public static final Directive<List<String>> SHUTDOWN_ON_SIGINT = at("shutdown-on-sigint", Kinds.SHUTDOWN, "default").live();
    public static final Directive<List<String>> SHUTDOWN_ON_SIGTERM = at("shutdown-on-sigterm", Kinds.SHUTDOWN, "default").live();
    public static final Directive<Long> SHUTDOWN_TIMEOUT = at("shutdown-timeout", number(0, INT), "10").live();
    // spotless:on

    static {
        TABLE.readUnread();
    }

    private Directives() {}

    private static <T> DirectiveTable.Builder<T> at(String name, Kind<T> kind, String initial) {
        return TABLE.builder(name, kind, initial);
    }

    /** Every name, older ones too, with its directive. */
    static Map<String, Directive<?>> byName() {
        return TABLE.byName();
    }

    /** Why a line of redis.conf that sets no value is refused; "" if it is read and forgotten, null if there is no such line. */
    static String line(String name) {
        return TABLE.lines().get(name.toLowerCase(Locale.ROOT));
    }

    /** The directive of this name, in any case, or null. */
    static Directive<?> find(String name) {
        return TABLE.byName().get(name.toLowerCase(Locale.ROOT));
    }

    /** Each directive once. */
    static Collection<Directive<?>> all() {
        return TABLE.all();
    }
}
