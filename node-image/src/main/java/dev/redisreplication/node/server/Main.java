package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.DIR;
import static dev.redisreplication.node.config.Directives.LOGFILE;
import static dev.redisreplication.node.config.Directives.LOGLEVEL;
import static dev.redisreplication.node.config.Directives.MANAGED;
import static dev.redisreplication.node.config.Directives.PIDFILE;
import static dev.redisreplication.node.config.Directives.UNIXSOCKET;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.image.ImageStart;
import dev.redisreplication.node.jvm.CompilerThreads;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The process: {@code redis-node [redis.conf|-] [--directive value ...]}. */
public final class Main {
    /** Version of this server. */
    static final String VERSION = "0.1.0";

    private static final String SENTINEL = "--sentinel";

    /** The first argument where the entrypoint of the image starts the node: see {@link ImageStart}. */
    static final String OF_IMAGE = "--of-image";

    private static final String USAGE = """
            Usage: redis-node [/path/to/redis.conf | -] [--directive value ...]
                   redis-node /path/to/sentinel.conf --sentinel [--directive value ...]
                   redis-node --version
                   redis-node --help

            Directives are those of redis-server 7.0, and seven more:
              --managed yes|no        wait for a role given by the operator (default: no)
              --health-port N         answer HTTP GET /livez and /readyz there (default: 0, off)
              --io-transport NAME     auto, epoll, io_uring or nio (default: auto)
              --unloadable-data fail|wait  what a managed node does that cannot load its data: end, or wait for an order
              --requirepass-file FILE passwords of clients, one a line, the one in force first; read again each second
              --masterauth-file FILE  the same for the master
              --io-linger MICROS      how long a busy loop looks for more requests before it sleeps (default: 20)
            A directive can also come from the environment: REDIS_NODE_REQUIREPASS for requirepass.
            A flag counts more than the environment, and that more than the file.

            Examples:
              redis-node
              redis-node /etc/redis/sentinel.conf --sentinel
              redis-node /etc/redis/redis.conf --port 6380
              echo 'maxmemory 128mb' | redis-node -
            """;

    private Main() {}

    /** Starts a node, or says on standard error why it does not, and ends with status 1. */
    public static void main(String[] args) {
        if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
            System.out.print(USAGE);
            return;
        }
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-v"))) {
            System.out.println("redis-node v=" + VERSION + " redis=" + Node.REDIS_VERSION + " java="
                    + Runtime.version().feature() + " bits=64");
            return;
        }
        if (List.of(args).contains(SENTINEL)) {
            SentinelMain.run(args);
            return;
        }
        NodeSettings settings = new NodeSettings();
        List<String> warnings = List.of();
        try {
            warnings = read(settings, ProcessText.arguments(args), ProcessText.environment());
            Directories.enter(settings);
            Log.open(settings.get(LOGFILE), settings.get(LOGLEVEL));
        } catch (ConfigException | IOException e) {
            System.err.println("redis-node cannot start: " + e.getMessage());
            System.exit(1);
        }
        run(settings, warnings);
    }

    /** Reads all sources of the configuration; returns lines for the log. */
    private static List<String> read(NodeSettings settings, List<String> args, Map<String, String> environment)
            throws ConfigException {
        ConfigReader reader = new ConfigReader(settings, System.in);
        if (args.isEmpty() || !args.get(0).equals(OF_IMAGE)) {
            reader.read(args, environment);
            return List.of();
        }
        ImageStart start = ImageStart.server(args.subList(1, args.size()), environment, ProcessText::file);
        reader.add(start.below(), start.above());
        reader.read(start.arguments(), environment);
        return start.warnings();
    }

    private static void run(NodeSettings settings, List<String> warnings) {
        boolean rehearsal = System.getProperty("redis-node.record") != null;
        if (rehearsal) {
            Memory.neverLink(); // hundreds of classes that an empty node does not need
        } else {
            Memory.linkInBackground(); // neither the start nor the first write waits for it
        }
        Log.notice("redis-node " + VERSION + " is starting, pid="
                + ProcessHandle.current().pid());
        warnings.forEach(Log::warning);
        Server server;
        try {
            if (settings.get(MANAGED)) {
                FolderLock.take(Path.of(settings.get(DIR)));
            }
            server = Server.start(settings);
            // Before anybody can learn from the pid file whom to end.
            server.onExit(() -> end(settings));
            Signals.handle(server.ending());
            ProcessFiles.pid(settings);
        } catch (IOException e) {
            fail(e);
            return;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the main thread", e);
        }
        Log.notice("Running mode=" + (settings.get(MANAGED) ? "managed" : "standalone") + ", port=" + server.port()
                + ", transport=" + server.loop().transportName());
        warnOfInert(settings);
        try {
            server.awaitReady();
        } catch (IOException e) {
            fail(e);
        }
        CompilerThreads.comeLast();
        if (rehearsal) {
            Rehearsal.run(server); // for the start-up cache: serve a little, then end
        }
    }

    private static void fail(IOException e) {
        Log.warning("cannot start: " + e.getMessage());
        System.err.println("redis-node cannot start: " + e.getMessage());
        Runtime.getRuntime().halt(1);
    }

    private static void end(NodeSettings settings) {
        ProcessFiles.remove(settings.get(PIDFILE), "Removing the pid file.");
        ProcessFiles.remove(settings.get(UNIXSOCKET), "Removing the unix socket file.");
        Log.warning("Redis is now ready to exit, bye bye...");
        Runtime.getRuntime().halt(0);
    }

    private static void warnOfInert(NodeSettings settings) {
        List<String> inert = settings.inertInUse();
        if (!inert.isEmpty()) {
            Log.notice("accepted without effect in this server: " + String.join(", ", inert));
        }
    }
}
