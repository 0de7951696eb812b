package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.server.Server;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who deletes a key whose time is over, and when: the same expectations held against a real master and replica, and ours. */
class ExpiryDifferentialTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    enum Kind {
        REDIS,
        NODE
    }

    @TempDir
    private Path folder;

    private final List<Closeable> open = new ArrayList<>();
    private Wire master;
    private Wire replica;

    @AfterEach
    void stop() throws IOException {
        for (Closeable c : open.reversed()) {
            c.close();
        }
    }

    private int server(Kind kind, String... flags) throws IOException, ConfigException {
        if (kind == Kind.REDIS) {
            RealRedis redis = RealRedis.start(flags);
            open.add(redis);
            return redis.port();
        }
        List<String> all = new ArrayList<>(
                List.of("--port", "0", "--bind", "127.0.0.1", "--enable-debug-command", "yes", "--save", "", "--dir"));
        all.add(Files.createTempDirectory(folder, "node").toString());
        all.addAll(List.of(flags));
        Server node = Server.start(all.toArray(String[]::new));
        open.add(node::close);
        return node.port();
    }

    private void start(Kind kind) throws IOException, ConfigException {
        RealRedis.assumeInstalled();
        int port = server(kind, "--repl-ping-replica-period", "3600", "--repl-diskless-sync-delay", "0");
        master = wire(port);
        replica = wire(server(kind, "--replicaof", "127.0.0.1", "" + port));
        await("the link is up", () -> info(replica, "replication", "master_link_status"), "up");
    }

    private Wire wire(int port) throws IOException {
        Wire wire = new Wire(port);
        open.add(wire);
        return wire;
    }

    private static String info(Wire server, String section, String field) throws IOException {
        return server.call("INFO", section)
                .text()
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElse("");
    }

    private interface Asked {
        String get() throws IOException;
    }

    private static void await(String what, Asked asked, String wanted) {
        Awaitility.await(what).atMost(PATIENCE).until(() -> asked.get().equals(wanted));
    }

    private static String ask(Wire server, String... command) throws IOException {
        return server.call(command).toString();
    }

    /** Waits until a time by the clocks of both. */
    private void awaitTime(long millis) throws IOException {
        for (Wire server : List.of(master, replica)) {
            Awaitility.await("the time has come").atMost(PATIENCE).until(() -> {
                List<Reply> time = server.call("TIME").items();
                return time.get(0).asLong() * 1000 + time.get(1).asLong() / 1000 > millis;
            });
        }
    }

    /** Sets keys on the server whose time is over when this returns, and that nobody has looked for since. */
    private void setOver(Wire server, String... keys) throws IOException {
        ask(server, "DEBUG", "SET-ACTIVE-EXPIRE", "0");
        long at = System.currentTimeMillis() + 300;
        for (String key : keys) {
            assertThat(ask(server, "SET", key, "1", "PXAT", "" + at)).isEqualTo("+OK");
        }
        awaitTime(at + 1);
    }

    private void awaitSameOffset() {
        Awaitility.await("the replica has everything").atMost(PATIENCE).until(() -> info(
                        master, "replication", "master_repl_offset")
                .equals(info(replica, "replication", "master_repl_offset")));
    }

    @ParameterizedTest
    @EnumSource
    void nothingExpiresWhileClientsArePaused(Kind kind) throws Exception {
        start(kind);
        long at = System.currentTimeMillis() + 300;
        // They are still there when clients are paused, however long that takes.
        assertThat(ask(master, "DEBUG", "SET-ACTIVE-EXPIRE", "0")).isEqualTo("+OK");
        ask(master, "SET", "active", "1", "PXAT", "" + at);
        ask(master, "SET", "read", "1", "PXAT", "" + at);
        awaitSameOffset();
        String offset = info(master, "replication", "master_repl_offset");
        assertThat(ask(master, "CLIENT", "PAUSE", "100000", "WRITE")).isEqualTo("+OK");
        assertThat(ask(master, "DEBUG", "SET-ACTIVE-EXPIRE", "1")).isEqualTo("+OK");
        awaitTime(at + 1);
        assertThat(ask(master, "GET", "read")).isEqualTo("$(null)");
        assertThat(ask(master, "SCAN", "0")).isEqualTo("*[$0 *[]]");
        assertThat(ask(master, "DBSIZE")).isEqualTo(":2");
        assertThat(info(master, "stats", "expired_keys")).isEqualTo("0");
        assertThat(info(master, "replication", "master_repl_offset")).isEqualTo(offset);
        assertThat(ask(master, "CLIENT", "UNPAUSE")).isEqualTo("+OK");
        await("they expire then", () -> ask(master, "DBSIZE"), ":0");
        assertThat(info(master, "stats", "expired_keys")).isEqualTo("2");
        awaitSameOffset();
        assertThat(ask(replica, "DBSIZE")).isEqualTo(":0");
    }

    @ParameterizedTest
    @EnumSource
    void whatSearchesForKeysDeletesThoseThatAreOver(Kind kind) throws Exception {
        start(kind);
        setOver(master, "a", "b");
        assertThat(ask(master, "KEYS", "*")).isEqualTo("*[]");
        assertThat(ask(master, "DBSIZE")).as("KEYS deletes nothing").isEqualTo(":2");
        assertThat(ask(master, "SCAN", "0", "MATCH", "a", "COUNT", "1000")).isEqualTo("*[$0 *[]]");
        assertThat(ask(master, "DBSIZE")).as("SCAN deletes what it would show").isEqualTo(":1");
        assertThat(ask(master, "RANDOMKEY")).isEqualTo("$(null)");
        assertThat(ask(master, "DBSIZE")).isEqualTo(":0");
        assertThat(info(master, "stats", "expired_keys")).isEqualTo("2");
        awaitSameOffset();
        assertThat(ask(replica, "DBSIZE")).isEqualTo(":0");
        assertThat(info(replica, "stats", "expired_keys")).isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource
    void aReplicaDeletesNothingAndShowsItAsGone(Kind kind) throws Exception {
        start(kind);
        setOver(master, "k");
        ask(master, "SET", "stays", "1");
        awaitSameOffset();
        assertThat(ask(replica, "EXISTS", "k")).isEqualTo(":0");
        assertThat(ask(replica, "SCAN", "0", "COUNT", "1000")).isEqualTo("*[$0 *[$stays]]");
        assertThat(ask(replica, "RANDOMKEY")).isEqualTo("$stays");
        assertThat(ask(replica, "DBSIZE")).isEqualTo(":2");
    }

    /** The stream has to say that a key's time was over before it says what the key is now. */
    @ParameterizedTest
    @EnumSource
    void aKeyThatIsWrittenOverIsTheSameOnTheReplica(Kind kind) throws Exception {
        start(kind);
        setOver(master, "keepttl", "append", "incr", "rename", "copy");
        ask(master, "SET", "source", "x");
        assertThat(ask(master, "SET", "keepttl", "new", "KEEPTTL")).isEqualTo("+OK");
        assertThat(ask(master, "APPEND", "append", "new")).isEqualTo(":3");
        assertThat(ask(master, "INCR", "incr")).isEqualTo(":1");
        assertThat(ask(master, "RENAMENX", "source", "rename")).isEqualTo(":1");
        assertThat(ask(master, "COPY", "append", "copy")).isEqualTo(":1");
        awaitSameOffset();
        for (Wire server : List.of(master, replica)) {
            for (String key : List.of("keepttl", "append", "incr", "rename", "copy")) {
                assertThat(ask(server, "PTTL", key)).as(key).isEqualTo(":-1");
            }
        }
        assertThat(info(master, "stats", "expired_keys")).isEqualTo("5");
    }

    @ParameterizedTest
    @EnumSource
    void aWritableReplicaEndsWhatWasWrittenToIt(Kind kind) throws Exception {
        start(kind);
        assertThat(ask(replica, "CONFIG", "SET", "replica-read-only", "no")).isEqualTo("+OK");
        setOver(master, "theirs", "taken");
        awaitSameOffset();
        ask(replica, "SET", "own", "1", "PX", "50");
        ask(replica, "SET", "renamed", "1");
        ask(replica, "PEXPIRE", "renamed", "50");
        ask(replica, "RENAME", "renamed", "other");
        await("its own keys go", () -> ask(replica, "DBSIZE"), ":2");
        assertThat(ask(replica, "GET", "theirs")).isEqualTo("$(null)");
        assertThat(ask(replica, "DBSIZE"))
                .as("a read deletes nothing of the master")
                .isEqualTo(":2");
        assertThat(ask(replica, "INCR", "taken"))
                .as("a write takes it for gone")
                .isEqualTo(":1");
        assertThat(ask(replica, "PTTL", "taken")).isEqualTo(":-1");
        assertThat(ask(master, "DBSIZE")).isEqualTo(":2");
    }

    @ParameterizedTest
    @EnumSource
    void watchedKeysThatExpireFailTheTransaction(Kind kind) throws Exception {
        start(kind);
        ask(master, "DEBUG", "SET-ACTIVE-EXPIRE", "0");
        setOver(master, "before");
        assertThat(ask(master, "WATCH", "before")).isEqualTo("+OK");
        ask(wire(master.port()), "GET", "before"); // deletes it: it was gone before
        assertThat(exec()).isEqualTo("*[+PONG]");
        long at = System.currentTimeMillis() + 300;
        ask(master, "SET", "after", "1", "PXAT", "" + at);
        assertThat(ask(master, "WATCH", "after")).isEqualTo("+OK");
        awaitTime(at + 1);
        assertThat(exec()).isEqualTo("*(null)");
    }

    @ParameterizedTest
    @EnumSource
    void swappedDatabasesChangeWhatIsInEitherOfThem(Kind kind) throws Exception {
        start(kind);
        Wire other = wire(master.port());
        ask(other, "SELECT", "1");
        ask(other, "SET", "created", "1");
        assertThat(ask(master, "WATCH", "created")).isEqualTo("+OK");
        ask(other, "SWAPDB", "0", "1");
        assertThat(exec()).isEqualTo("*(null)");
        assertThat(ask(master, "WATCH", "neither")).isEqualTo("+OK");
        ask(other, "SWAPDB", "0", "1");
        assertThat(exec()).isEqualTo("*[+PONG]");
    }

    @ParameterizedTest
    @EnumSource
    void anErrorWithinATransactionIsCountedOnce(Kind kind) throws Exception {
        start(kind);
        ask(master, "SET", "text", "x");
        ask(master, "CONFIG", "RESETSTAT");
        ask(master, "MULTI");
        ask(master, "INCR", "text");
        ask(master, "LPUSH", "text", "1");
        assertThat(ask(master, "EXEC")).startsWith("*[-ERR");
        assertThat(info(master, "errorstats", "errorstat_ERR")).isEqualTo("count=1");
        assertThat(info(master, "errorstats", "errorstat_WRONGTYPE")).isEqualTo("count=1");
        assertThat(info(master, "stats", "total_error_replies")).isEqualTo("2");
        assertThat(info(master, "commandstats", "cmdstat_exec")).endsWith("rejected_calls=0,failed_calls=0");
        assertThat(info(master, "commandstats", "cmdstat_incr")).endsWith("rejected_calls=0,failed_calls=1");
    }

    private String exec() throws IOException {
        ask(master, "MULTI");
        ask(master, "PING");
        return ask(master, "EXEC");
    }
}
