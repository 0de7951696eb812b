package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.BIND;
import static dev.redisreplication.node.config.Directives.BIND_SOURCE_ADDR;
import static dev.redisreplication.node.config.Directives.HEALTH_PORT;
import static dev.redisreplication.node.config.Directives.IO_LINGER;
import static dev.redisreplication.node.config.Directives.IO_TRANSPORT;
import static dev.redisreplication.node.config.Directives.LOGLEVEL;
import static dev.redisreplication.node.config.Directives.TCP_BACKLOG;
import static dev.redisreplication.node.config.Directives.TCP_KEEPALIVE;
import static dev.redisreplication.node.config.Directives.UNIXSOCKET;
import static dev.redisreplication.node.config.Directives.UNIXSOCKETPERM;

import dev.redisreplication.node.acl.AclException;
import dev.redisreplication.node.acl.AclUsers;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.ClientLine;
import dev.redisreplication.node.command.ClientSession;
import dev.redisreplication.node.command.CommandRows;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Dispatcher;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Shutdown;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigReader;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.RealDisk;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.NettyLoop;
import dev.redisreplication.node.net.SocketOptions;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.script.Functions;
import dev.redisreplication.node.script.Running;
import dev.redisreplication.node.script.Scripts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One running node. {@link Main} starts one in a process; tests start several. */
public final class Server implements AutoCloseable {
    private final NodeSettings settings;
    private final NettyLoop loop;
    private final Disk disk;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private Node node;
    private CommandTable table;
    private Dispatcher dispatcher;
    private Replication replication;
    private Ending ending;
    private Ports ports;
    private Runnable exit = this::closeClients;

    private Server(NodeSettings settings, NettyLoop loop, Disk disk) {
        this.settings = settings;
        this.loop = loop;
        this.disk = disk;
    }

    /**
     * Starts a node in this process, for tests: arguments as for the command line, no environment. Returns when it has
     * loaded its data and accepts connections.
     */
    public static Server start(String... args) throws ConfigException, IOException {
        Server server = start(settings(args));
        try {
            server.awaitReady();
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** The settings that these arguments make, without an environment. */
    static NodeSettings settings(String... args) throws ConfigException, IOException {
        NodeSettings settings = new NodeSettings();
        new ConfigReader(settings, InputStream.nullInputStream()).read(List.of(args), Map.of());
        return settings;
    }

    /** Starts a node: sockets are open when it returns, the data may still be loading. */
    static Server start(NodeSettings settings) throws IOException {
        return start(settings, new RealDisk());
    }

    /** As {@link #start(NodeSettings)}, with its files on another disk. */
    static Server start(NodeSettings settings, Disk disk) throws IOException {
        NettyLoop loop = new NettyLoop(
                settings.get(IO_TRANSPORT), settings.get(IO_LINGER).intValue(), Log::fault);
        Server server = new Server(settings, loop, disk);
        CompletableFuture<Void> assembled = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                server.assemble();
                assembled.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                assembled.completeExceptionally(e);
            }
        });
        try {
            assembled.join();
            server.listen();
        } catch (CompletionException | IOException e) {
            loop.stop();
            if (e instanceof IOException io) {
                throw io;
            }
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
        return server;
    }

    private void assemble() throws IOException {
        loop.warnings(Log::warning);
        FileLimit.apply(settings);
        settings.follow(TCP_KEEPALIVE, x -> socketOptions());
        settings.onChange(BIND_SOURCE_ADDR, x -> socketOptions());
        settings.onChange(LOGLEVEL, Log::level);
        AclUsers users = new AclUsers(
                settings, client -> ClientLine.of(node, client), reason -> node.stats().denials[reason.ordinal()]++);
        node = new Node(loop, settings, disk, users);
        replication = new Replication(node, this::replay);
        ending = new Ending(node, replication.leaving(), this::exit);
        Running running = new Running();
        Scripts scripts = new Scripts(running);
        Functions functions = new Functions(running, node::store);
        table = commands(Commands.table(replication, users, scripts, functions, running, ending));
        dispatcher = new Dispatcher(node, table);
        PasswordFiles.follow(node);
        try {
            users.start(table);
        } catch (AclException e) {
            throw new IOException(e.getMessage(), e);
        }
        users.onChangeOfStandard(() -> node.clients().all().forEach(Client::limits));
        InfoSections.register(node, table, replication, scripts, functions, loop.transportName(), this::port);
        TlsSettings.follow(settings, loop);
        ports = new Ports(settings, loop, c -> ClientSession.open(dispatcher, c));
        replication.start(() -> ready.complete(null), ready::completeExceptionally);
        new Cron(node, replication).start();
    }

    private CommandTable commands(CommandTable all) throws IOException {
        try {
            return all.renamed(settings.renamedCommands());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Of what replication and persistence have executed: their own commands are in the table, so it comes later. */
    private String replay(Client client, Request request) {
        return dispatcher.applyOne(client, request);
    }

    private void socketOptions() {
        loop.options(new SocketOptions(
                settings.get(BIND_SOURCE_ADDR), settings.get(TCP_KEEPALIVE).intValue()));
    }

    private void listen() throws IOException {
        int backlog = settings.get(TCP_BACKLOG).intValue();
        ports.open();
        String unix = settings.get(UNIXSOCKET);
        if (!unix.isEmpty()) {
            Files.deleteIfExists(Path.of(unix));
            loop.listenUnix(unix, backlog, c -> ClientSession.open(dispatcher, c));
            UnixMode.set(Path.of(unix), settings.get(UNIXSOCKETPERM));
        }
        int health = settings.get(HEALTH_PORT).intValue();
        if (health != 0) {
            HealthPort probes = new HealthPort(node);
            new BindList(settings.get(BIND)).listen(loop, health, backlog, false, probes::accept);
        }
    }

    /** Waits until the data is loaded. A replica looks for its master from then on. */
    public void awaitReady() throws IOException {
        try {
            ready.join();
        } catch (CompletionException e) {
            throw new IOException("cannot load the data: " + e.getCause().getMessage(), e.getCause());
        }
        Log.notice("Ready to accept connections");
        loop.execute(replication::begin);
    }

    /**
     * The TCP port for plain connections, also when the system chose it, or the one for TLS where there is no other; 0 when
     * there is only a unix socket.
     */
    public int port() {
        return ports.port();
    }

    /** Its parts; use them on the loop. */
    public Node node() {
        return node;
    }

    CommandRows commands() {
        return table;
    }

    Replication replication() {
        return replication;
    }

    NettyLoop loop() {
        return loop;
    }

    Ending ending() {
        return ending;
    }

    /** What ends the process once everything is safe; on the loop. */
    void onExit(Runnable action) {
        exit = action;
    }

    private void exit() {
        loop.stopListening();
        if (node.interlude().isNone()) {
            loop.after(1, exit); // what was just written to replicas leaves in this round
        } else {
            exit.run(); // no task would run before the script has ended
        }
    }

    private void closeClients() {
        List.copyOf(node.clients().all()).forEach(c -> c.close("the node is closed"));
    }

    /** Ends a node that {@link #start(String...)} began, without saving. */
    @Override
    public void close() {
        loop.execute(() -> ending.begin(new Shutdown.Options(false, true, true)));
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.execute(() -> {
            closeClients();
            closed.complete(null);
        });
        closed.join();
        loop.stop();
        loop.awaitEnd();
        node.store().close();
    }
}
