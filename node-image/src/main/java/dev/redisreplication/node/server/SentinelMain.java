package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.LOGFILE;
import static dev.redisreplication.node.config.Directives.LOGLEVEL;
import static dev.redisreplication.node.config.Directives.PIDFILE;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.image.ImageStart;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.sentinel.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The process: {@code redis-node sentinel.conf --sentinel [--directive value ...]}. */
final class SentinelMain {
    private SentinelMain() {}

    /** Starts a Sentinel, or says on standard error why it does not, and ends with status 1. */
    static void run(String... args) {
        NodeSettings settings = new NodeSettings();
        List<String> words = ProcessText.arguments(args).stream()
                .filter(word -> !word.equals("--sentinel"))
                .toList();
        Map<String, String> environment = ProcessText.environment();
        boolean ofImage = !words.isEmpty() && words.get(0).equals(Main.OF_IMAGE);
        List<Configuration.Line> lines;
        try {
            ConfigReader reader = new ConfigReader(settings, System.in);
            lines = SentinelServer.prepare(settings, reader);
            reader.read(ofImage ? withFile(words.subList(1, words.size()), environment) : words, environment);
            Directories.enter(settings);
            Log.open(settings.get(LOGFILE), settings.get(LOGLEVEL));
        } catch (ConfigException | IOException e) {
            fail(e);
            return;
        }
        Memory.neverLink();
        Log.role('X');
        Log.notice("redis-node " + Main.VERSION + " is starting as a Sentinel, pid="
                + ProcessHandle.current().pid());
        if (ofImage) {
            ImageStart.sentinelWarnings(environment).forEach(Log::warning);
        }
        try {
            SentinelServer server = SentinelServer.start(settings, lines, () -> end(settings));
            Signals.handle(server.ending());
            ProcessFiles.pid(settings);
            Log.notice("Running mode=sentinel, port=" + server.port() + ".");
            server.begin();
        } catch (IOException e) {
            Log.warning("cannot start: " + e.getMessage());
            fail(e);
        }
    }

    /**
     * The arguments, with the file that the variables of the image stand for: it is written once, and is then the Sentinel's own.
     */
    private static List<String> withFile(List<String> words, Map<String, String> environment)
            throws ConfigException, IOException {
        if (!words.isEmpty() && !words.get(0).startsWith("--")) {
            return words;
        }
        List<String> lines = ImageStart.sentinelFile(environment, ProcessText::file);
        if (lines.isEmpty()) {
            return words;
        }
        Path file = Path.of(environment.getOrDefault("REDIS_SENTINEL_DATA_DIR", "."))
                .resolve("sentinel.conf")
                .toAbsolutePath()
                .normalize();
        if (!Files.exists(file)) {
            try {
                Files.write(file, ByteText.bytes(String.join("\n", lines) + "\n"));
            } catch (IOException e) {
                throw new IOException("cannot write the configuration of the Sentinel to " + file + ": " + e, e);
            }
        }
        List<String> whole = new ArrayList<>(words);
        whole.addFirst(file.toString());
        return whole;
    }

    private static void fail(Exception e) {
        System.err.println("redis-node cannot start: " + e.getMessage());
        System.exit(1);
    }

    private static void end(NodeSettings settings) {
        ProcessFiles.remove(settings.get(PIDFILE), "Removing the pid file.");
        Log.warning("Sentinel is now ready to exit, bye bye...");
        Runtime.getRuntime().halt(0);
    }
}
