package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.LOGFILE;
import static dev.redisreplication.node.config.Directives.LOGLEVEL;
import static dev.redisreplication.node.config.Directives.PIDFILE;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.sentinel.Configuration;
import java.io.IOException;
import java.util.List;

/** The process: {@code redis-node sentinel.conf --sentinel [--directive value ...]}. */
final class SentinelMain {
    private SentinelMain() {}

    /** Starts a Sentinel, or says on standard error why it does not, and ends with status 1. */
    static void run(String... args) {
        NodeSettings settings = new NodeSettings();
        List<String> words = ProcessText.arguments(args).stream()
                .filter(word -> !word.equals("--sentinel"))
                .toList();
        List<Configuration.Line> lines;
        try {
            ConfigReader reader = new ConfigReader(settings, System.in);
            lines = SentinelServer.prepare(settings, reader);
            reader.read(words, ProcessText.environment());
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
