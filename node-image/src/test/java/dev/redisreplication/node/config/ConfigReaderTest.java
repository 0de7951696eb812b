package dev.redisreplication.node.config;

import static dev.redisreplication.node.config.Directives.CLIENT_OUTPUT_BUFFER_LIMIT;
import static dev.redisreplication.node.config.Directives.MASTERAUTH;
import static dev.redisreplication.node.config.Directives.MAXMEMORY;
import static dev.redisreplication.node.config.Directives.PORT;
import static dev.redisreplication.node.config.Directives.REPLICA_PRIORITY;
import static dev.redisreplication.node.config.Directives.REPL_BACKLOG_SIZE;
import static dev.redisreplication.node.config.Directives.REQUIREPASS;
import static dev.redisreplication.node.config.Directives.SAVE;
import static dev.redisreplication.node.config.Directives.TCP_KEEPALIVE;
import static dev.redisreplication.node.config.Directives.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    @TempDir
    private Path dir;

    private NodeSettings read(Map<String, String> environment, String... args) throws ConfigException {
        NodeSettings settings = new NodeSettings();
        new ConfigReader(settings, InputStream.nullInputStream()).read(Arrays.asList(args), environment);
        return settings;
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.write(dir.resolve(name), List.of(lines));
    }

    @Test
    void aFlagCountsMoreThanTheEnvironmentAndThatMoreThanTheFile() throws Exception {
        Path conf = file("redis.conf", "port 1001", "timeout 1", "tcp-keepalive 1");
        NodeSettings s = read(
                Map.of("REDIS_NODE_PORT", "1002", "REDIS_NODE_TIMEOUT", "2", "HOME", "/"),
                conf.toString(),
                "--port",
                "1003");
        assertThat(List.of(s.get(PORT), s.get(TIMEOUT), s.get(TCP_KEEPALIVE))).containsExactly(1003L, 2L, 1L);
    }

    @Test
    void readsQuotesEscapesUnitsIncludesAndAliases() throws Exception {
        file("more.conf", "maxmemory 100mb", "repl-backlog-size 1k", "SLAVE-PRIORITY 7");
        Path conf = file(
                "redis.conf",
                "# a comment",
                "",
                "requirepass \"a b\\x41\\\"\"",
                "masterauth 'it\\'s'",
                "include " + dir + "/mor*.conf",
                "client-output-buffer-limit replica 1mb 2mb 3");
        NodeSettings s = read(Map.of(), conf.toString());
        assertThat(s.get(REQUIREPASS)).isEqualTo("a bA\"");
        assertThat(s.get(MASTERAUTH)).isEqualTo("it's");
        assertThat(s.get(MAXMEMORY)).isEqualTo(100L << 20);
        assertThat(s.get(REPL_BACKLOG_SIZE)).isEqualTo(1000);
        assertThat(s.get(REPLICA_PRIORITY)).isEqualTo(7);
        assertThat(s.text(CLIENT_OUTPUT_BUFFER_LIMIT))
                .isEqualTo("normal 0 0 0 slave 1048576 2097152 3 pubsub 33554432 8388608 60");
    }

    @Test
    void linesOfSaveAddUpUntilOneIsEmpty() throws Exception {
        assertThat(read(Map.of()).text(SAVE)).isEqualTo("3600 1 300 100 60 10000");
        assertThat(read(Map.of(), "--save", "900", "1", "--save", "60 5").text(SAVE))
                .isEqualTo("900 1 60 5");
        assertThat(read(Map.of(), "--save", "900", "1", "--save", "").text(SAVE))
                .isEmpty();
    }

    @Test
    void standardInputIsAFileToo() throws Exception {
        NodeSettings s = new NodeSettings();
        new ConfigReader(s, new ByteArrayInputStream("port 1234\n".getBytes(StandardCharsets.US_ASCII)))
                .read(List.of("-"), Map.of());
        assertThat(s.get(PORT)).isEqualTo(1234);
    }

    @Test
    void aValueMayLookLikeAFlagUnlessItIsOne() throws Exception {
        assertThat(read(Map.of(), "--requirepass", "--secret", "--port", "1").get(REQUIREPASS))
                .isEqualTo("--secret");
    }

    @Test
    void namesThePlaceOfWhatIsWrong() throws Exception {
        Path conf = file("redis.conf", "port 1", "nonsense 2");
        assertThatThrownBy(() -> read(Map.of(), conf.toString()))
                .hasMessage("in " + conf + ", line 2: 'nonsense 2': Bad directive or wrong number of arguments");
        Path quotes = file("quotes.conf", "requirepass \"x");
        assertThatThrownBy(() -> read(Map.of(), quotes.toString()))
                .hasMessageContaining("quotes.conf, line 1")
                .hasMessageContaining("Unbalanced quotes");
        assertThatThrownBy(() -> read(Map.of("REDIS_NODE_PORT", "x")))
                .hasMessage("in the environment, REDIS_NODE_PORT: argument couldn't be parsed into an integer");
        assertThatThrownBy(() -> read(Map.of(), "--port", "70000"))
                .hasMessage("in the flag '--port 70000': argument must be between 0 and 65535 inclusive");
        assertThatThrownBy(() -> read(Map.of(), "--daemonize", "yes")).hasMessageContaining("background");
        assertThatThrownBy(() -> read(Map.of(), "--maxmemory", "1q")).hasMessageContaining("memory value");
        assertThatThrownBy(() -> read(Map.of(), dir + "/none.conf")).hasMessageContaining("no such file");
    }

    @Test
    void whatWouldNotBeDoneIsRefusedAndTheDefaultIsTaken() throws Exception {
        Path conf = file("redis.conf", "port 1", "activedefrag yes");
        assertThatThrownBy(() -> read(Map.of(), conf.toString()))
                .hasMessageStartingWith(
                        "in " + conf + ", line 2: 'activedefrag yes': this server does not defragment its memory");
        NodeSettings s = read(Map.of());
        assertThat(s.change(Map.of("activedefrag", "yes")))
                .startsWith(
                        "ERR CONFIG SET failed (possibly related to argument 'activedefrag') - this server does not");
        Map<String, String> asked = Map.ofEntries(
                Map.entry("activedefrag", "yes"),
                Map.entry("cluster-enabled", "yes"),
                Map.entry("daemonize", "yes"),
                Map.entry("syslog-enabled", "yes"),
                Map.entry("supervised", "systemd"),
                Map.entry("oom-score-adj", "relative"));
        for (Map.Entry<String, String> one : asked.entrySet()) {
            assertThatThrownBy(() -> read(Map.of(), "--" + one.getKey(), one.getValue()))
                    .as(one.toString())
                    .hasMessageMatching("in the flag '.*': .*(this server|Type=simple).*");
        }
        assertThat(s.change(Map.of("notify-keyspace-events", "Q"))).contains("Invalid event class character");
        assertThat(s.change(Map.of("slowlog-log-slower-than", "-1"))).isNull();
        for (Directive<?> d : Directives.all()) {
            if (d.change() == Directive.Change.LIVE && d.shape() != Kind.Shape.WORDS) {
                assertThat(s.change(Map.of(d.name(), d.initial()))).as(d.name()).isNull();
            }
            assertThat(d.inert() && d.refusal() != null).as(d.name()).isFalse();
        }
    }

    @Test
    void aPasswordComesByItselfOrFromAFile() throws Exception {
        assertThatThrownBy(() -> read(Map.of(), "--requirepass-file", "/p", "--requirepass", "x"))
                .hasMessage("requirepass and requirepass-file are both set: remove one of the two");
        assertThatThrownBy(() -> read(Map.of("REDIS_NODE_MASTERAUTH", "x"), "--masterauth-file", "/p"))
                .hasMessage("masterauth and masterauth-file are both set: remove one of the two");
        Path passwords = file("passwords", "new one", "", "old one\r", "new one");
        assertThat(PasswordFile.read(passwords)).containsExactly("new one", "old one");
        assertThatThrownBy(() -> PasswordFile.read(file("empty", "", "")))
                .hasMessage(dir.resolve("empty") + ": it holds no password");
        assertThatThrownBy(() -> PasswordFile.read(dir.resolve("none")))
                .hasMessage(dir.resolve("none") + ": no such file");
    }

    @Test
    void aRewriteLeavesPasswordsInTheirFile() throws Exception {
        Path conf = file("redis.conf", "requirepass-file /p", "timeout 3");
        NodeSettings s = read(Map.of(), conf.toString());
        s.passwords(List.of("new", "old"));
        ConfigRewriter.rewrite(s);
        assertThat(Files.readAllLines(conf)).containsExactly("requirepass-file /p", "timeout 3");
    }

    @Test
    void kubernetesVariablesOfAServiceCalledLikeUsAreNotOurs() throws Exception {
        assertThat(read(Map.of(
                                "REDIS_NODE_PORT", "tcp://10.0.0.1:6379",
                                "REDIS_NODE_SERVICE_HOST", "10.0.0.1",
                                "REDIS_NODE_SERVICE_PORT_REDIS", "6379",
                                "REDIS_NODE_PORT_6379_TCP_ADDR", "10.0.0.1",
                                "REDIS_NODE_RW_PORT", "tcp://10.0.0.1:6379"))
                        .get(PORT))
                .isEqualTo(6379);
    }

    @Test
    void takesRedisOwnConfigurationFile() throws Exception {
        Path conf = Path.of("/etc/redis/redis.conf");
        Assumptions.assumeTrue(Files.isReadable(conf), "there is no readable /etc/redis/redis.conf on this machine");
        List<String> lines = Files.readAllLines(conf).stream()
                .filter(l -> !l.startsWith("daemonize") && !l.startsWith("include"))
                .toList();
        Path copy = Files.write(dir.resolve("redis.conf"), lines);
        assertThat(read(Map.of(), copy.toString()).get(PORT)).isEqualTo(6379);
    }

    @Test
    void changesAllOrNothing() throws Exception {
        NodeSettings s = read(Map.of());
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("maxmemory", "1mb");
        changes.put("hz", "x");
        assertThat(s.change(changes)).contains("'hz'").contains("couldn't be parsed into an integer");
        assertThat(s.get(MAXMEMORY)).isZero();
        changes.put("hz", "50");
        assertThat(s.change(changes)).isNull();
        assertThat(s.get(MAXMEMORY)).isEqualTo(1 << 20);
        assertThat(s.change(Map.of("unixsocket", "/s"))).contains("can't set immutable config");
        assertThat(s.change(Map.of("foo", "1"))).startsWith("ERR Unknown option");
    }

    @Test
    void aRewriteKeepsCommentsAndOrder() throws Exception {
        Path conf = file("redis.conf", "# mine", "port 1001", "save 900 1", "save 60 5", "timeout 3");
        NodeSettings s = read(Map.of(), conf.toString());
        assertThat(s.change(Map.of("timeout", "9", "requirepass", "a b"))).isNull();
        ConfigRewriter.rewrite(s);
        assertThat(Files.readAllLines(conf))
                .containsExactly(
                        "# mine",
                        "port 1001",
                        "save 900 1 60 5",
                        "timeout 9",
                        "# Generated by CONFIG REWRITE",
                        "requirepass \"a b\"");
        assertThat(read(Map.of(), conf.toString()).get(REQUIREPASS)).isEqualTo("a b");
    }
}
