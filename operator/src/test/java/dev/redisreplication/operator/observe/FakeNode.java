package dev.redisreplication.operator.observe;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A node of tests: speaks enough RESP to be observed and ordered about, may hang, may die. Keeps the rules of managed mode. */
public final class FakeNode implements AutoCloseable {

    private final ServerSocket server;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    /** Every order as it came, without INFO and AUTH. */
    public final List<String> orders = new CopyOnWriteArrayList<>();

    private final String runId = UUID.randomUUID().toString();
    private final long started = System.currentTimeMillis();
    private final String address;
    private ManagedRole role = ManagedRole.NONE;
    private ManagedRole roleBefore = ManagedRole.NONE;
    private long term;
    private long offset;
    private String replid = UUID.randomUUID().toString().replace("-", "");
    private String replid2 = "0";
    private long secondOffset = -1;
    private String masterHost = "";
    private boolean linkUp;
    private boolean synced;
    private long leaseUntil;
    private volatile boolean hanging;
    private volatile String password = "secret";
    private volatile boolean closed;
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    /** How often it refused what its rules forbid. */
    public final AtomicInteger refusals = new AtomicInteger();

    private final Consumer<String> journal;

    /** Listens on the address, a port for all nodes of a test. */
    public FakeNode(String address, int port) throws IOException {
        this(address, port, order -> {});
    }

    /** Also tells a journal of each order, in the moment it comes. */
    public FakeNode(String address, int port, Consumer<String> journal) throws IOException {
        this.address = address;
        this.journal = journal;
        server = new ServerSocket(port, 50, InetAddress.getByName(address));
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public String address() {
        return address;
    }

    public String runId() {
        return runId;
    }

    public synchronized ManagedRole role() {
        return role;
    }

    public synchronized long leaseMs() {
        return Math.max(0, leaseUntil - now());
    }

    public synchronized void replica(String host, boolean up, long at) {
        role = ManagedRole.REPLICA;
        masterHost = host;
        linkUp = up;
        offset = at;
        synced = true;
    }

    public synchronized void offset(long at) {
        offset = at;
    }

    public synchronized void history(String id) {
        replid = id;
    }

    public synchronized void linkUp(boolean up) {
        linkUp = up;
    }

    /** From now on it takes this one and no other; connections that stand stay. */
    public void password(String now) {
        password = now;
    }

    /** From now on the rules of its user forbid this command, on all connections. */
    public void forbid(String command) {
        forbidden.add(command);
    }

    /** Everything is allowed again. */
    public void allowAll() {
        forbidden.clear();
    }

    /** Ends all connections. */
    public void cutConnections() {
        for (Socket client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    /** Accepts connections and reads, but answers nothing any more. */
    public void hang() {
        hanging = true;
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                clients.add(socket);
                if (closed) {
                    // The JDK lets a virtual thread that waits to accept take one more connection after the close.
                    socket.close();
                    return;
                }
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                List<String> command = read(in);
                if (command == null) {
                    return;
                }
                while (hanging && !closed) {
                    Thread.sleep(5);
                }
                out.write(answer(command).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // The peer went away.
        }
    }

    private static List<String> read(InputStream in) throws IOException {
        String head = line(in);
        if (head == null) {
            return null;
        }
        List<String> command = new ArrayList<>();
        for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
            int length = Integer.parseInt(line(in).substring(1));
            command.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
            in.readNBytes(2);
        }
        return command;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            line.append((char) c);
        }
        in.read();
        return line.toString();
    }

    private synchronized String answer(List<String> command) {
        String name = command.getFirst().toUpperCase(Locale.ROOT);
        if (forbidden.contains(name)) {
            refusals.incrementAndGet();
            return "-NOPERM this user has no permissions to run the '" + name + "' command\r\n";
        }
        if (name.equals("AUTH")) {
            return command.get(1).equals(password) ? "+OK\r\n" : "-WRONGPASS no\r\n";
        }
        if (name.equals("INFO")) {
            return bulk(info());
        }
        String order = String.join(" ", command);
        orders.add(order);
        journal.accept(address + " " + order);
        if (name.equals("LEASE")) {
            long ordered = Long.parseLong(command.get(2));
            return command.get(1).equals("FENCE")
                    ? fence(ordered)
                    : renew(ordered, Long.parseLong(command.get(3)), Long.parseLong(command.get(5)));
        }
        return replicaOf(command);
    }

    private String fence(long ordered) {
        if (ordered < term || (ordered == term && (role == ManagedRole.MASTER || role == ManagedRole.REPLICA))) {
            return "-STALETERM current is " + term + "\r\n";
        }
        if (role != ManagedRole.FENCED) {
            roleBefore = role;
        }
        role = ManagedRole.FENCED;
        linkUp = false;
        leaseUntil = 0;
        term = ordered;
        String[] fields = {
            "role-before",
            roleBefore.name().toLowerCase(Locale.ROOT),
            "term",
            Long.toString(term),
            "replid",
            replid,
            "offset",
            Long.toString(offset),
            "replid2",
            replid2,
            "second-offset",
            Long.toString(secondOffset),
            "run-id",
            runId,
            "synced",
            synced ? "1" : "0",
            "master-silent-ms",
            "-1",
            "vote-age-ms",
            "-1"
        };
        StringBuilder reply = new StringBuilder("*" + fields.length + "\r\n");
        for (String field : fields) {
            reply.append(bulk(field));
        }
        return reply.toString();
    }

    private String renew(long ordered, long ttl, long clock) {
        if (role != ManagedRole.MASTER || ordered != term) {
            return "-STALETERM current is " + term + "\r\n";
        }
        leaseUntil = Math.max(leaseUntil, clock + ttl);
        return ":" + leaseMs() + "\r\n";
    }

    private String replicaOf(List<String> command) {
        long ordered = Long.parseLong(command.get(4));
        if (ordered < term) {
            return "-STALETERM current is " + term + "\r\n";
        }
        term = ordered;
        if (command.get(1).equals("NO")) {
            if (role != ManagedRole.MASTER) {
                replid2 = replid;
                secondOffset = offset + 1;
                replid = UUID.randomUUID().toString().replace("-", "");
            }
            role = ManagedRole.MASTER;
            masterHost = "";
            synced = true;
        } else {
            role = ManagedRole.REPLICA;
            masterHost = command.get(1);
            linkUp = true;
            synced = true;
        }
        return "+OK\r\n";
    }

    private String info() {
        return "role:" + (role == ManagedRole.MASTER ? "master" : "slave") + "\r\n"
                + "managed:1\r\nmanaged_role:" + role.name().toLowerCase(Locale.ROOT) + "\r\nterm:" + term
                + "\r\nlease_ms:" + leaseMs() + "\r\nmanaged_clock:" + now() + "\r\nrun_id:" + runId
                + "\r\nmanaged_started_ms:" + started + "\r\nmanaged_master_silent_ms:" + (linkUp ? 1 : -1)
                + "\r\nmaster_host:" + masterHost + "\r\nmaster_link_status:" + (linkUp ? "up" : "down")
                + "\r\nmaster_sync_in_progress:0\r\nmaster_replid:" + replid + "\r\nmaster_replid2:" + replid2
                + "\r\nmaster_repl_offset:" + offset + "\r\nsecond_repl_offset:" + secondOffset + "\r\n";
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    /** Dies: closes its port and all connections. */
    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
