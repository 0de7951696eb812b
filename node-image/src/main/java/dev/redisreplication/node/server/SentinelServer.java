package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.BIND_SOURCE_ADDR;
import static dev.redisreplication.node.config.Directives.IO_TRANSPORT;
import static dev.redisreplication.node.config.Directives.LOGLEVEL;
import static dev.redisreplication.node.config.Directives.PORT;
import static dev.redisreplication.node.config.Directives.REQUIREPASS;
import static dev.redisreplication.node.config.Directives.TCP_KEEPALIVE;
import static dev.redisreplication.node.config.Directives.TLS_PORT;
import static dev.redisreplication.node.config.Directives.TLS_REPLICATION;

import dev.redisreplication.node.acl.AclException;
import dev.redisreplication.node.acl.AclUsers;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.ClientLine;
import dev.redisreplication.node.command.ClientSession;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Dispatcher;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.RunId;
import dev.redisreplication.node.command.acl.AclCommands;
import dev.redisreplication.node.command.connection.ConnectionCommands;
import dev.redisreplication.node.command.pubsub.PubSubCommands;
import dev.redisreplication.node.command.server.ServerCommands;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.disk.RealDisk;
import dev.redisreplication.node.info.InfoWriter;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.NettyLoop;
import dev.redisreplication.node.net.SocketOptions;
import dev.redisreplication.node.sentinel.Configuration;
import dev.redisreplication.node.sentinel.Master;
import dev.redisreplication.node.sentinel.Sentinel;
import dev.redisreplication.node.sentinel.command.SentinelCommands;
import dev.redisreplication.node.sentinel.io.SentinelLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A process that is a Sentinel, put together: the same clients, users and Pub/Sub as a node has, commands of its own, no data. */
final class SentinelServer {
    /** What Redis 7.0 has for a Sentinel. */
    private static final Set<String> COMMANDS = Set.of(
            "acl",
            "auth",
            "client",
            "command",
            "hello",
            "info",
            "ping",
            "psubscribe",
            "punsubscribe",
            "shutdown",
            "subscribe",
            "unsubscribe");

    private static final String DEFAULT_PORT = "26379";

    private final NodeSettings settings;
    private final NettyLoop loop;
    private final List<Configuration.Line> lines;
    private final Runnable exit;
    private Node node;
    private Dispatcher dispatcher;
    private SentinelLoop sentinel;
    private SentinelEnding ending;
    private Ports ports;

    private SentinelServer(NodeSettings settings, List<Configuration.Line> lines, Runnable exit) throws IOException {
        this.settings = settings;
        this.lines = lines;
        this.exit = exit;
        this.loop = new NettyLoop(settings.get(IO_TRANSPORT), 0, Log::fault);
    }

    /** The lines {@code sentinel} of the file, which are read with the others. */
    static List<Configuration.Line> prepare(NodeSettings settings, ConfigReader reader) throws ConfigException {
        settings.set("port", List.of(DEFAULT_PORT));
        settings.set("protected-mode", List.of("no"));
        List<Configuration.Line> lines = new ArrayList<>();
        reader.others("sentinel", (words, place) -> lines.add(new Configuration.Line(words, place)));
        return lines;
    }

    /**
     * Starts it: it listens and watches when this returns.
     *
     * @param exit ends the process; on the loop
     */
    static SentinelServer start(NodeSettings settings, List<Configuration.Line> lines, Runnable exit)
            throws IOException {
        checkFile(settings);
        SentinelServer server = new SentinelServer(settings, lines, exit);
        try {
            server.onLoop(server::assemble);
            server.ports.open();
        } catch (IOException e) {
            server.loop.stop();
            throw e;
        }
        return server;
    }

    private static void checkFile(NodeSettings settings) throws IOException {
        if (settings.file().isEmpty()) {
            throw new IOException("Sentinel needs config file on disk, exiting...");
        }
        if (!Files.isWritable(Path.of(settings.file()))) {
            throw new IOException("Sentinel config file " + settings.file() + " is not writable. Exiting...");
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void onLoop(Step step) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                step.run();
                done.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private void assemble() throws IOException {
        Log.role('X');
        loop.warnings(Log::warning);
        FileLimit.apply(settings);
        loop.options(new SocketOptions(
                settings.get(BIND_SOURCE_ADDR), settings.get(TCP_KEEPALIVE).intValue()));
        settings.onChange(LOGLEVEL, Log::level);
        TlsSettings.follow(settings, loop);
        ports = new Ports(settings, loop, c -> ClientSession.open(dispatcher, c));
        AclUsers users = new AclUsers(
                settings, client -> ClientLine.of(node, client), reason -> node.stats().denials[reason.ordinal()]++);
        node = new Node(loop, settings, new RealDisk(), users);
        node.mode(Node.Mode.SENTINEL);
        node.store(node.newStore());
        ending = new SentinelEnding(loop, exit);
        sentinel = new SentinelLoop(node, announcedPort());
        CommandTable table = table(users);
        dispatcher = new Dispatcher(node, table);
        try {
            users.start(table);
            configure();
        } catch (AclException | ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
        users.onChangeOfStandard(() -> node.clients().all().forEach(Client::limits));
        InfoSections.registerForSentinel(node, table, loop.transportName(), () -> ports.port());
        node.info().section("Sentinel", true, this::info);
        new SentinelCron(node).start();
    }

    /** Where the others reach it, in the way in which it reaches them. */
    private int announcedPort() {
        int secure = settings.get(TLS_PORT).intValue();
        return settings.get(TLS_REPLICATION) && secure != 0
                ? secure
                : settings.get(PORT).intValue();
    }

    private CommandTable table(AclUsers users) {
        CommandTable.Builder t = new CommandTable.Builder();
        ConnectionCommands.register(t);
        AclCommands.register(t, users);
        ServerCommands.register(t, () -> {}, ending);
        PubSubCommands.register(t);
        t.only(COMMANDS);
        SentinelCommands.register(t, sentinel);
        return t.build();
    }

    private void configure() throws ConfigException, IOException {
        Configuration configuration = sentinel.sentinel().configuration();
        configuration.requirePass(() -> settings.get(REQUIREPASS));
        configuration.read(lines);
        if (configuration.myId().isEmpty()) {
            configuration.myId(RunId.create());
        }
        if (!sentinel.save()) {
            throw new IOException("Sentinel was not able to save its configuration to " + settings.file());
        }
    }

    /** Begins to watch: connections are accepted. */
    void begin() {
        loop.execute(sentinel::begin);
    }

    private void info(InfoWriter out) {
        Sentinel machine = sentinel.sentinel();
        out.field("sentinel_masters", machine.views().masters().size())
                .field("sentinel_tilt", machine.views().tiltSeconds() < 0 ? 0 : 1)
                .field("sentinel_tilt_since_seconds", machine.views().tiltSeconds())
                .field("sentinel_running_scripts", sentinel.scripts().running())
                .field(
                        "sentinel_scripts_queue_length",
                        sentinel.scripts().jobs().size())
                .field("sentinel_simulate_failure_flags", machine.views().failureFlags());
        int i = 0;
        for (Master master : machine.views().masters()) {
            out.field("master" + i++, machine.views().summary(master));
        }
    }

    /** What a signal ends. */
    Signalled ending() {
        return ending;
    }

    int port() {
        return ports.port();
    }

    NettyLoop loop() {
        return loop;
    }
}
