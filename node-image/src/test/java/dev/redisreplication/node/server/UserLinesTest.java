package dev.redisreplication.node.server;

import static dev.redisreplication.node.server.Clients.accepts;
import static dev.redisreplication.node.server.Clients.connect;
import static dev.redisreplication.node.server.Clients.isOpen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Lines {@code user} in redis.conf, and what requirepass and the file of users have to do with them. */
class UserLinesTest {
    private static final String FOO = "#2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    private static final String BAR = "#fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9";

    @TempDir
    Path dir;

    private Path conf(String... lines) throws Exception {
        return Files.write(dir.resolve("redis.conf"), List.of(lines));
    }

    private Server start(Path conf, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of(conf.toString(), "--port", "0", "--bind", "127.0.0.1"));
        args.addAll(List.of("--dir", dir.toString(), "--save", ""));
        args.addAll(List.of(more));
        return Server.start(args.toArray(String[]::new));
    }

    private Server start(String... lines) throws Exception {
        return start(conf(lines));
    }

    @Test
    void whatRedisRewritesIsTaken() throws Exception {
        try (Server server = start("user default on nopass ~* &* +@all")) {
            assertThat(isOpen(server)).isTrue();
        }
        try (Server server = start("user default on nopass sanitize-payload ~* &* +@all")) {
            assertThat(isOpen(server)).isTrue();
        }
        try (Server server = start("requirepass \"foo\"", "user default on " + FOO + " ~* &* +@all")) {
            assertThat(isOpen(server)).isFalse();
            assertThat(accepts(server, "default", "foo")).isTrue();
        }
        try (Server server = start("user default on " + FOO + " " + BAR + " ~* &* +@all", "requirepass foo")) {
            assertThat(accepts(server, "default", "foo")).isTrue();
            assertThat(accepts(server, "default", "bar")).isTrue();
            assertThat(accepts(server, "default", "fo")).isFalse();
        }
        try (Server server =
                start("user default off nopass", "user alice on >bar ~a* +@all", "user bob (+get ~b) >foo")) {
            assertThat(isOpen(server)).isFalse();
            assertThat(accepts(server, "alice", "bar")).isTrue();
            assertThat(accepts(server, "bob", "foo")).as("off").isFalse();
            try (Jedis alice = connect(server)) {
                alice.auth("alice", "bar");
                assertThat(alice.set("a1", "1")).isEqualTo("OK");
                assertThatThrownBy(() -> alice.set("b", "1")).hasMessageStartingWith("NOPERM");
            }
        }
    }

    @Test
    void aLaterSourceAndConfigSetOverrideThePasswordAndNoOtherRule() throws Exception {
        Path file = conf("user default on nopass ~a* &* +@all");
        try (Server server = start(file, "--requirepass", "bar")) {
            assertThat(isOpen(server)).isFalse();
            assertThat(accepts(server, "default", "bar")).isTrue();
            try (Jedis jedis = connect(server)) {
                jedis.auth("bar");
                assertThatThrownBy(() -> jedis.set("b", "1")).hasMessageStartingWith("NOPERM");
                jedis.configSet("requirepass", "");
                assertThat(isOpen(server)).isTrue();
                assertThatThrownBy(() -> jedis.set("b", "1")).hasMessageStartingWith("NOPERM");
            }
        }
    }

    /** As redis-server takes them; for one user the flag counts more than the line, which a rewrite brings into the file. */
    @Test
    void usersAreDeclaredByFlagsToo() throws Exception {
        String[] flags = {"--user", "app", "on", ">bar", "~a*", "(+set", "~b)", "+get", "--user", "off"};
        Path file = conf("maxclients 100");
        for (int start = 1; start <= 2; start++) {
            try (Server server = start(file, flags);
                    Jedis jedis = new Jedis("127.0.0.1", server.port())) {
                assertThat(jedis.aclUsers()).containsExactly("app", "default", "off");
                assertThat(accepts(server, "off", "")).isFalse();
                jedis.configRewrite();
                assertThat(Files.readAllLines(file))
                        .filteredOn(l -> l.startsWith("user "))
                        .hasSize(2);
                jedis.auth("app", "bar");
                assertThat(jedis.set("b", "1")).isEqualTo("OK");
                assertThatThrownBy(() -> jedis.get("b")).hasMessageStartingWith("NOPERM");
            }
        }
    }

    @Test
    void aRewriteWritesUsersWhereTheFileHadThem() throws Exception {
        Path file = conf("# mine", "user default on " + FOO + " >bar ~* &* +@all", "maxclients 100");
        try (Server server = start(file);
                Jedis jedis = connect(server)) {
            jedis.auth("bar");
            jedis.aclSetUser("alice", "on", ">foo", "~a\"b*", "(+get", "~c)", "+config|get");
            jedis.configRewrite();
            assertThat(Files.readAllLines(file))
                    .startsWith(
                            "# mine",
                            "user alice on " + FOO
                                    + " \"~a\\\"b*\" resetchannels -@all +config|get (~c resetchannels -@all +get)",
                            "user default on sanitize-payload " + FOO + " " + BAR + " ~* &* +@all",
                            "maxclients 100");
            jedis.aclDelUser("alice");
            jedis.configSet("requirepass", "new");
            jedis.configRewrite();
            assertThat(Files.readAllLines(file))
                    .startsWith("# mine", "maxclients 100")
                    .contains("requirepass new")
                    .noneMatch(line -> line.startsWith("user"));
        }
    }

    @Test
    void aRewriteKeepsWhatThePasswordDoesNotSay() throws Exception {
        Path file = conf("requirepass foo");
        try (Server server = start(file);
                Jedis jedis = connect(server)) {
            jedis.auth("foo");
            jedis.aclSetUser("default", "-flushall");
            jedis.aclSetUser("bob");
            jedis.configRewrite();
        }
        try (Server server = start(file);
                Jedis jedis = connect(server)) {
            jedis.auth("foo");
            assertThatThrownBy(jedis::flushAll).hasMessageStartingWith("NOPERM");
            assertThat(jedis.aclUsers()).containsExactly("bob", "default");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user alice on +nothing; Error in user declaration '+nothing': Unknown command or category",
                "user alice on (+get; Unmatched parenthesis in acl selector starting at '(+get'",
                "user default on #abc ~* &* +@all; The password hash must be exactly 64 characters",
                "user; wrong number of arguments"
            })
    void aMistakeIsToldWithItsPlace(String line, String reason) {
        assertThatThrownBy(() -> start("maxclients 100", line))
                .hasMessageStartingWith("in " + dir.resolve("redis.conf") + ", line 2: '" + line + "': ")
                .hasMessageContaining(reason);
    }

    @Test
    void linesThatContradictEachOtherAreRefused() throws Exception {
        for (String line : List.of("user default on " + BAR + " ~* &* +@all", "user default off")) {
            assertThatThrownBy(() -> start("requirepass foo", line))
                    .hasMessageContaining(
                            "line 2: '" + line + "': requirepass is set to a password that this line does");
        }
        assertThatThrownBy(() -> start("user bob on", "user bob off"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("already");
        assertThatThrownBy(() -> start(conf("port 0"), "--user", "bob", "on", "--user", "bob", "off"))
                .hasMessageContaining("in the flag '--user bob off': there is a line for this user already");
        assertThatThrownBy(() -> start(conf("port 0"), "--user", "bob", "on", "+nothing"))
                .hasMessageContaining("in the flag '--user bob on +nothing': Error in user declaration '+nothing'");
        assertThatThrownBy(() -> start(conf("port 0"), "--requirepass", "foo", "--user", "default", "on", BAR))
                .hasMessageContaining("does not know");
        Path users = Files.createFile(dir.resolve("users.acl"));
        assertThatThrownBy(() -> start("user bob on", "aclfile " + users)).hasMessageContaining("use one of the two");
        Path password = Files.writeString(dir.resolve("password"), "x");
        assertThatThrownBy(() -> start("user default on nopass", "requirepass-file " + password))
                .hasMessageContaining("requirepass and requirepass-file are both set");
    }

    @Test
    void aFileOfUsersIsReadAndWritten() throws Exception {
        Path users = Files.writeString(dir.resolve("users.acl"), "\nuser alice on nopass ~a &* +@all\n");
        try (Server server = start("aclfile users.acl");
                Jedis jedis = connect(server);
                Jedis alice = connect(server)) {
            alice.auth("alice", "x");
            jedis.aclSetUser("bob", "on", "nopass");
            assertThat(jedis.aclSave()).isEqualTo("OK");
            assertThat(Files.readAllLines(users))
                    .containsExactly(
                            "user alice on nopass ~a &* +@all",
                            "user bob on nopass resetchannels -@all",
                            "user default on nopass ~* &* +@all");
            Files.writeString(users, "user default on nopass ~* &* +@all\nuser alice on +nothing\n");
            assertThatThrownBy(jedis::aclLoad).hasMessageContaining("users.acl:2: Error in applying");
            assertThat(alice.ping()).isEqualTo("PONG");
            Files.writeString(users, "user default on nopass ~* &* +@all\n");
            assertThat(jedis.aclLoad()).isEqualTo("OK");
            assertThatThrownBy(alice::ping).as("who it was is gone").isNotInstanceOf(JedisDataException.class);
        }
        Files.writeString(users, "user alice on (+get\n");
        assertThatThrownBy(() -> start("aclfile users.acl")).hasMessageContaining("users.acl:1: Unmatched");
        assertThatThrownBy(() -> start("aclfile none.acl")).hasMessageContaining("No such file");
    }

    @Test
    void aFileThatCannotBeWrittenStaysAsItIs() throws Exception {
        Path users = Files.writeString(dir.resolve("users.acl"), "user alice on nopass ~a &* +@all\n");
        // The new file is written beside the old one, under this name.
        Files.createDirectory(
                dir.resolve("users.acl.tmp-" + ProcessHandle.current().pid()));
        try (Server server = start("aclfile users.acl");
                Jedis jedis = new Jedis("127.0.0.1", server.port())) {
            jedis.aclSetUser("bob", "on");
            assertThatThrownBy(jedis::aclSave)
                    .hasMessage("ERR There was an error trying to save the ACLs. Please check the server logs for more"
                            + " information");
            assertThat(Files.readAllLines(users)).containsExactly("user alice on nopass ~a &* +@all");
            assertThat(jedis.aclUsers()).containsExactly("alice", "bob", "default");
            jedis.configRewrite(); // users have their own file
            assertThat(Files.readAllLines(dir.resolve("redis.conf"))).noneMatch(line -> line.startsWith("user "));
        }
    }

    /** In Redis a file that does not name the default user opens the server; here a password that is set stays. */
    @Test
    void aFileOfUsersOpensNothing() throws Exception {
        Path users = Files.writeString(dir.resolve("users.acl"), "user alice on nopass ~a &* +@all\n");
        try (Server server = start("aclfile users.acl", "requirepass foo")) {
            assertThat(isOpen(server)).isFalse();
            assertThat(accepts(server, "default", "foo")).isTrue();
        }
        Path password = Files.writeString(dir.resolve("password"), "bar\n");
        Files.writeString(users, "user default on nopass ~a* &* +@all\n");
        try (Server server = start("aclfile users.acl", "requirepass-file " + password)) {
            assertThat(isOpen(server)).isFalse();
            assertThat(accepts(server, "default", "bar")).isTrue();
        }
    }
}
