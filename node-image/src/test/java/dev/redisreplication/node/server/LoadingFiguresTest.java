package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.config.NodeSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadingFiguresTest {
    @TempDir
    private Path dir;

    private static Map<String, String> persistence(Server server) throws Exception {
        CompletableFuture<String> text = new CompletableFuture<>();
        server.loop().execute(() -> text.complete(server.node().info().text(Set.of("persistence"))));
        Map<String, String> fields = new TreeMap<>();
        for (String line : text.get(60, TimeUnit.SECONDS).split("\r\n", -1)) {
            if (line.contains(":")) {
                fields.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
            }
        }
        return fields;
    }

    @Test
    void infoSaysHowFarALoadHasCome() throws Exception {
        int commands = 400_000;
        while (!askedWhileLoading(commands)) { // it was loaded before it could be asked: a longer file is needed
            commands *= 2;
            assertThat(commands).isLessThan(20_000_000);
        }
    }

    private boolean askedWhileLoading(int commands) throws Exception {
        Path folder = Files.createDirectories(dir.resolve(commands + "/appendonlydir"));
        byte[] increment =
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n".repeat(commands).getBytes(StandardCharsets.US_ASCII);
        Files.write(folder.resolve("appendonly.aof.1.incr.aof"), increment);
        Files.writeString(folder.resolve("appendonly.aof.manifest"), "file appendonly.aof.1.incr.aof seq 1 type i\n");
        NodeSettings settings = Server.settings(
                "--port",
                "0",
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--dir",
                folder.getParent().toString());
        try (Server server = Server.start(settings)) {
            Map<String, String> during = persistence(server);
            server.awaitReady();
            Map<String, String> after = persistence(server);
            assertThat(after).containsEntry("loading", "0").doesNotContainKey("loading_total_bytes");
            if (!during.get("loading").equals("1")) {
                return false;
            }
            assertThat(during)
                    .containsKeys("loading_start_time", "loading_rdb_used_mem", "loading_eta_seconds")
                    .containsEntry("loading_total_bytes", Integer.toString(increment.length));
            long loaded = Long.parseLong(during.get("loading_loaded_bytes"));
            assertThat(loaded).isBetween(1L, (long) increment.length);
            assertThat(Double.parseDouble(during.get("loading_loaded_perc"))).isBetween(0.0, 100.0);
            return true;
        }
    }
}
