package dev.redisreplication.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.config.NodeSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a container's variables mean. */
class ImageStartTest {
    private static final FileText SECRETS = path -> {
        if (path.equals("/run/secrets/password")) {
            return "from a file\n";
        }
        throw new IOException("no such file");
    };

    @TempDir
    private Path dir;

    /** The settings of a container with these variables ("NAME=value") and arguments. */
    private static NodeSettings settings(List<String> variables, String... arguments) throws ConfigException {
        ImageStart start = start(variables, arguments);
        NodeSettings settings = new NodeSettings();
        ConfigReader reader = new ConfigReader(settings, InputStream.nullInputStream());
        reader.add(start.below(), start.above());
        reader.read(start.arguments(), map(variables));
        return settings;
    }

    private static ImageStart start(List<String> variables, String... arguments) throws ConfigException {
        return ImageStart.server(List.of(arguments), map(variables), SECRETS);
    }

    private static Map<String, String> map(List<String> variables) {
        Map<String, String> map = new HashMap<>();
        for (String one : variables) {
            map.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        return map;
    }

    private static String text(NodeSettings settings, String directive) {
        return settings.matching(directive::equals).get(directive);
    }

    @Test
    void withoutVariablesItIsTheOfficialImage() throws Exception {
        NodeSettings s = settings(List.of("PATH=/bin", "REDIS_NODE_PORT=6380"));
        assertThat(text(s, "protected-mode")).isEqualTo("no");
        assertThat(text(s, "bind")).isEqualTo("* -::*");
        assertThat(text(s, "appendonly")).isEqualTo("no");
        assertThat(text(s, "save")).isEqualTo("3600 1 300 100 60 10000");
        assertThat(text(s, "port")).isEqualTo("6380");
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS_PORT_NUMBER, 7000, port, 7000",
        "REDIS_AOF_ENABLED, no, appendonly, no",
        "REDIS_AOF_ENABLED, true, appendonly, yes",
        "REDIS_DATA_DIR, /tmp, dir, /tmp",
        "REDIS_RDB_POLICY, 900#1 600#5 300#10, save, 900 1 600 5 300 10",
        "REDIS_RDB_POLICY_DISABLED, yes, save, ''",
        "REDIS_REPLICA_IP, 10.0.0.9, replica-announce-ip, 10.0.0.9",
        "REDIS_REPLICA_PORT, 7001, replica-announce-port, 7001",
        "REDIS_ACLFILE, /users.acl, aclfile, /users.acl",
        "REDIS_PASSWORD_FILE, /run/secrets/password, requirepass, from a file",
        "REDIS_REQUIREPASS, other, requirepass, other",
        "REDIS_ALLOW_REMOTE_CONNECTIONS, no, bind, 127.0.0.1 -::1",
        "REDIS_IO_THREADS, 4, io-threads, 4",
        "REDIS_EXTRA_FLAGS, --maxmemory-policy allkeys-lru --timeout 7, timeout, 7",
    })
    void aVariableIsADirective(String variable, String value, String directive, String expected) throws Exception {
        NodeSettings s = settings(List.of("REDIS_PASSWORD=secret", variable + "=" + value));
        assertThat(text(s, directive)).isEqualTo(expected);
    }

    @Test
    void aMasterHasAnAppendOnlyFileAndAPassword() throws Exception {
        NodeSettings s = settings(List.of("REDIS_REPLICATION_MODE=master", "REDIS_PASSWORD=secret"));
        assertThat(text(s, "appendonly")).isEqualTo("yes");
        assertThat(text(s, "requirepass")).isEqualTo("secret");
        assertThat(text(s, "masterauth")).isEqualTo("secret");
        assertThat(text(s, "replicaof")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"slave", "replica"})
    void aReplicaFollowsItsMaster(String mode) throws Exception {
        NodeSettings s = settings(List.of(
                "REDIS_REPLICATION_MODE=" + mode,
                "REDIS_MASTER_HOST=redis-master",
                "REDIS_MASTER_PORT_NUMBER=6390",
                "REDIS_MASTER_PASSWORD=of the master",
                "REDIS_PASSWORD=secret"));
        assertThat(text(s, "replicaof")).isEqualTo("redis-master 6390");
        assertThat(text(s, "masterauth")).isEqualTo("of the master");
        assertThat(text(s, "requirepass")).isEqualTo("secret");
    }

    @Test
    void aStartThatLetsAnybodyInIsRefused() throws Exception {
        assertThatThrownBy(() -> settings(List.of("REDIS_REPLICATION_MODE=master")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("in the environment, REDIS_PASSWORD: is empty or not set")
                .hasMessageContaining("ALLOW_EMPTY_PASSWORD=yes");
        assertThatThrownBy(() -> settings(List.of("ALLOW_EMPTY_PASSWORD=no"))).hasMessageContaining("REDIS_PASSWORD");
        NodeSettings open = settings(List.of("REDIS_REPLICATION_MODE=master", "ALLOW_EMPTY_PASSWORD=yes"));
        assertThat(text(open, "requirepass")).isEmpty();
        assertThat(text(open, "protected-mode")).isEqualTo("no");
        assertThat(text(settings(List.of("REDIS_PORT_NUMBER=1"), "--requirepass", "x"), "requirepass"))
                .isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REDIS_REPLICATION_MODE=primary | REDIS_REPLICATION_MODE: 'primary' is none of master, replica and slave",
                "REDIS_REPLICATION_MODE=slave | REDIS_MASTER_HOST: a replica needs it",
                "REDIS_AOF_ENABLED=perhaps | REDIS_AOF_ENABLED: 'perhaps' is neither yes nor no",
                "REDIS_PORT_NUMBER=x | REDIS_PORT_NUMBER: argument couldn't be parsed into an integer",
                "REDIS_PASSWORD_FILE=/nowhere | REDIS_PASSWORD_FILE: cannot read '/nowhere': no such file",
                "REDIS_EXTRA_FLAGS=maxmemory 1 | REDIS_EXTRA_FLAGS: 'maxmemory' is not a flag",
                "REDIS_RDB_POLICY=900-1 | REDIS_RDB_POLICY: ",
                "REDIS_TLS_ENABLED=yes | REDIS_TLS_CERT_FILE: REDIS_TLS_ENABLED needs it; "
                        + "REDIS_TLS_KEY_FILE: REDIS_TLS_ENABLED needs it; REDIS_TLS_CA_FILE: REDIS_TLS_ENABLED needs it",
                "REDIS_OVERRIDES_FILE=/nowhere | REDIS_OVERRIDES_FILE: cannot read the configuration file /nowhere",
            })
    void anErrorNamesItsVariable(String variable, String message) {
        assertThatThrownBy(() -> settings(List.of("REDIS_PASSWORD=secret", variable)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("in the environment, " + message.strip());
    }

    @Test
    void flagsCountMoreThanVariablesAndThoseMoreThanTheFile() throws Exception {
        Path conf = Files.write(
                dir.resolve("redis.conf"),
                List.of("port 1", "timeout 1", "tcp-keepalive 1", "save 900 1", "daemonize yes", "protected-mode yes"));
        List<String> variables =
                List.of("REDIS_PORT_NUMBER=2", "REDIS_EXTRA_FLAGS=--timeout 2", "REDIS_PASSWORD=secret");
        NodeSettings s = settings(variables, conf.toString(), "--timeout", "3");
        assertThat(text(s, "tcp-keepalive")).isEqualTo("1");
        assertThat(text(s, "port")).isEqualTo("2");
        assertThat(text(s, "timeout")).isEqualTo("3");
        assertThat(text(s, "protected-mode")).isEqualTo("yes");
        assertThat(text(s, "daemonize")).isEqualTo("no");
        // What that image does by default is nothing that a file has to be changed for.
        assertThat(text(s, "appendonly")).isEqualTo("no");
        assertThat(text(settings(List.of("REDIS_RDB_POLICY=60#7"), conf.toString()), "save"))
                .isEqualTo("60 7");
    }

    @Test
    void overridesCountMoreThanOtherVariables() throws Exception {
        Path more = Files.write(dir.resolve("overrides.conf"), List.of("port 3"));
        NodeSettings s = settings(List.of("REDIS_PASSWORD=x", "REDIS_PORT_NUMBER=2", "REDIS_OVERRIDES_FILE=" + more));
        assertThat(text(s, "port")).isEqualTo("3");
    }

    @Test
    void commandsThatNobodyMayCall() throws Exception {
        NodeSettings s = settings(List.of(
                "REDIS_PASSWORD=secret", "REDIS_ACLFILE=/users.acl", "REDIS_DISABLE_COMMANDS=FLUSHDB, flushall"));
        assertThat(s.renamedCommands()).isEqualTo(Map.of("flushdb", "", "flushall", ""));
    }

    @Test
    void tlsIsMappedToItsDirectives() throws Exception {
        ImageStart start = start(List.of(
                "REDIS_PASSWORD=x",
                "REDIS_TLS_ENABLED=yes",
                "REDIS_TLS_CERT_FILE=/tls/cert",
                "REDIS_TLS_KEY_FILE=/tls/key",
                "REDIS_TLS_KEY_FILE_PASS=of the key",
                "REDIS_TLS_CA_FILE=/tls/ca",
                "REDIS_TLS_AUTH_CLIENTS=no",
                "REDIS_REPLICATION_MODE=master"));
        assertThat(start.above().stream()
                        .map(g -> g.name() + " " + String.join(" ", g.words()))
                        .toList())
                .contains(
                        "port 0",
                        "tls-port 6379",
                        "tls-cert-file /tls/cert",
                        "tls-key-file /tls/key",
                        "tls-key-file-pass of the key",
                        "tls-ca-cert-file /tls/ca",
                        "tls-auth-clients no",
                        "tls-replication yes");
    }

    @Test
    void anUnknownVariableIsNamedAndWhatKubernetesMakesIsNot() throws Exception {
        assertThat(start(List.of(
                                "REDIS_PASSWORD=x",
                                "REDIS_PASSWROD=y",
                                "REDIS_DATABASE=0",
                                "REDIS_PORT=tcp://10.0.0.1:6379",
                                "REDIS_SERVICE_HOST=10.0.0.1",
                                "REDIS_SENTINEL_QUORUM=2",
                                "REDISCLI_AUTH=z"))
                        .warnings())
                .containsExactly(
                        "The environment variable REDIS_PASSWROD is not known to this image, and has no effect",
                        "The environment variable REDIS_DATABASE has no effect");
    }

    @Test
    void aManagedNodeIsItsOperators() throws Exception {
        List<String> arguments = List.of("--managed", "yes", "--port", "6379");
        ImageStart start = start(List.of("REDIS_REPLICATION_MODE=slave"), arguments.toArray(String[]::new));
        assertThat(start).isEqualTo(new ImageStart(arguments, List.of(), List.of(), List.of()));
        assertThat(start(List.of("REDIS_PASSWORD=x", "REDIS_NODE_MANAGED=yes")).above())
                .isEmpty();
    }

    @Test
    void aSentinelGetsAFile() throws Exception {
        assertThat(ImageStart.sentinelFile(map(List.of("PATH=/bin")), SECRETS)).isEmpty();
        assertThat(ImageStart.sentinelFile(
                        map(List.of(
                                "REDIS_MASTER_HOST=redis-master",
                                "REDIS_MASTER_SET=orders",
                                "REDIS_MASTER_PASSWORD_FILE=/run/secrets/password",
                                "REDIS_SENTINEL_DOWN_AFTER_MILLISECONDS=5000",
                                "REDIS_SENTINEL_ANNOUNCE_HOSTNAMES=yes")),
                        SECRETS))
                .containsExactly(
                        "protected-mode no",
                        "sentinel resolve-hostnames yes",
                        "sentinel announce-hostnames yes",
                        "sentinel monitor orders redis-master 6379 2",
                        "sentinel down-after-milliseconds orders 5000",
                        "sentinel failover-timeout orders 180000",
                        "sentinel parallel-syncs orders 1",
                        "sentinel auth-pass orders \"from a file\"",
                        "port 26379");
        assertThatThrownBy(() -> ImageStart.sentinelFile(map(List.of("REDIS_SENTINEL_QUORUM=none")), SECRETS))
                .hasMessage("in the environment, REDIS_SENTINEL_QUORUM: 'none' is no positive number");
    }

    /** The file that Debian ships asks for the background, which the image and a flag take back. */
    @Test
    void aWholeFileOfRedisIsTaken() throws Exception {
        Path shipped = Path.of("/etc/redis/redis.conf");
        Assumptions.assumeTrue(Files.isReadable(shipped), "no redis.conf of Debian's redis-server on this machine");
        NodeSettings s = settings(List.of(), shipped.toString());
        assertThat(text(s, "dir")).isEqualTo("/var/lib/redis");
        assertThat(s.get(Directives.PROTECTED_MODE)).isTrue();
        NodeSettings byHand = new NodeSettings();
        new ConfigReader(byHand, InputStream.nullInputStream())
                .read(List.of(shipped.toString(), "--daemonize", "no"), Map.of());
        assertThatThrownBy(() -> new ConfigReader(new NodeSettings(), InputStream.nullInputStream())
                        .read(List.of(shipped.toString()), Map.of()))
                .hasMessageContaining("'daemonize yes': this server does not put itself into the background");
    }
}
