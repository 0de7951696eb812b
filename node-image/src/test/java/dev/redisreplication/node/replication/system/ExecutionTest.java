package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.SetParams;

/** What a request does as a whole, beside a real server: its time, and what it leaves in the append-only file. */
class ExecutionTest {
    private static final String[] FLAGS = {
        "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--enable-debug-command", "yes"
    };

    @TempDir
    Path folder;

    private List<ServerProcess> both() {
        return List.of(
                ServerProcess.redis(folder.resolve("redis"), FLAGS), ServerProcess.node(folder.resolve("node"), FLAGS));
    }

    @Test
    void timeStandsStillWithinATransaction() {
        for (ServerProcess server : both()) {
            try (server;
                    Jedis client = server.connect()) {
                Transaction t = client.multi();
                t.set("a", "1", new SetParams().px(20));
                t.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "SLEEP", "0.06");
                t.get("a");
                assertThat(t.exec()).as(server.toString()).last().isEqualTo("1");
                assertThat(client.get("a")).as(server.toString()).isNull();
            }
        }
    }

    @Test
    void whatBelongsTogetherIsOneTransactionInTheFile() throws Exception {
        List<List<String>> logged = new ArrayList<>();
        for (ServerProcess server : both()) {
            try (server;
                    Jedis client = server.connect()) {
                client.set("plain", "1");
                Transaction one = client.multi();
                one.get("plain");
                one.set("alone", "1");
                one.exec();
                Transaction two = client.multi();
                two.set("first", "1");
                two.get("plain");
                two.sendCommand(() -> "SELECT".getBytes(StandardCharsets.US_ASCII), "1");
                two.set("second", "2");
                two.exec();
                Transaction none = client.multi();
                none.get("plain");
                none.exec();
                client.select(0);
                server.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
                client.psetex("over", 1, "5");
                long over = System.currentTimeMillis() + 5;
                Awaitility.await().until(() -> System.currentTimeMillis() > over);
                client.incr("over");
                client.incr("over");
                logged.add(logOf(folder.resolve(logged.isEmpty() ? "redis" : "node")));
            }
        }
        assertThat(logged.get(1)).isEqualTo(logged.get(0));
        assertThat(logged.get(0))
                .contains("SET alone 1", "MULTI", "SET first 1", "SET second 2", "EXEC", "DEL over", "INCR over");
    }

    @Test
    void whatAScriptWritesIsOneTransactionInTheFile() throws Exception {
        List<List<String>> logged = new ArrayList<>();
        for (ServerProcess server : both()) {
            try (server;
                    Jedis client = server.connect()) {
                client.eval("return redis.call('set', 'one', '1')");
                client.eval("redis.call('set', 'a', '1') redis.call('get', 'a') redis.call('incr', 'a')");
                client.eval("redis.call('select', 3) redis.call('set', 'third', '1')");
                client.eval("redis.call('set', 'before', '1') redis.pcall('lpush', 'before', 'x')");
                client.eval("redis.set_repl(redis.REPL_NONE) redis.call('set', 'unheard', '1')"
                        + " redis.set_repl(redis.REPL_ALL) redis.call('set', 'heard', '1')");
                Transaction t = client.multi();
                t.set("first", "1");
                t.eval("redis.call('incr', 'first') redis.call('incr', 'first')");
                t.exec();
                client.eval("return redis.call('spop', 'nobody')");
                logged.add(logOf(folder.resolve(logged.isEmpty() ? "redis" : "node")));
            }
        }
        assertThat(logged.get(1)).isEqualTo(logged.get(0));
        assertThat(logged.get(0)).contains("set one 1", "MULTI", "incr a", "EXEC", "set third 1", "set before 1");
        assertThat(logged.get(0)).doesNotContain("set unheard 1");
    }

    /** The commands in the increments, without SELECT, whose place differs, and without times. */
    private static List<String> logOf(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(directory.resolve("appendonlydir"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".incr.aof"))
                    .sorted()
                    .toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        List<String> commands = new ArrayList<>();
        String[] lines = text.toString().split("\r\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].startsWith("*")) {
                continue;
            }
            int argc = Integer.parseInt(lines[i].substring(1));
            List<String> words = new ArrayList<>();
            for (int k = 0; k < argc; k++) {
                words.add(lines[i + 2 + 2 * k]);
            }
            i += 2 * argc;
            if (!words.getFirst().equalsIgnoreCase("SELECT")) {
                words.replaceAll(word -> word.matches("\\d{13}") ? "time" : word);
                commands.add(String.join(" ", words));
            }
        }
        return commands;
    }
}
