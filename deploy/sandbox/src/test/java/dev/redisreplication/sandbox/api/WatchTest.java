package dev.redisreplication.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Watches that begin at any moment while many write: each change once, in order. With a client of nothing but the JDK, as one
 * with a bug of its own could not tell whose fault a missing change is.
 */
class WatchTest {
    private static final String PATH = "/api/v1/namespaces/default/configmaps";
    private static final String SELECTOR = "labelSelector=app%3Da&";
    private static final String LAST = "last";
    private static final int WRITERS = 4;
    private static final int CHANGES = 120;
    private static final long BOUND_SECONDS = 60;

    private enum Begin {
        LISTED,
        PRESENT,
        INITIAL
    }

    /** What a watch told, bookmarks left out; from the version that it or the list before it named, or 0 for none. */
    private record Seen(Begin begin, boolean selective, long from, List<String> listed, List<String> told) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Store.Event> changes = new CopyOnWriteArrayList<>();
    private TestApi server;
    private ResourceType type;

    @BeforeEach
    void start() throws IOException {
        server = new TestApi();
        type = server.api.type("configmaps");
        server.api.store().listen(type, server.api.store().version(), changes::add);
    }

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        http.shutdownNow();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void eachChangeIsToldOnceAndInOrder(long seed) throws Exception {
        ConcurrentLinkedQueue<CompletableFuture<?>> begun = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Future<Seen>> watches = new ConcurrentLinkedQueue<>();
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            Random random = new Random(seed * WRITERS + writer);
            writers.add(threads.submit(() -> {
                for (int i = 0; i < CHANGES; i++) {
                    change("m" + number + "-" + random.nextInt(4), random);
                    if (random.nextInt(12) == 0) {
                        Begin begin = Begin.values()[random.nextInt(Begin.values().length)];
                        boolean selective = random.nextBoolean();
                        boolean socket = random.nextBoolean();
                        CompletableFuture<Void> open = new CompletableFuture<>();
                        begun.add(open);
                        watches.add(threads.submit(() -> watch(begin, selective, socket, open)));
                    }
                }
            }));
        }
        for (Future<?> writer : writers) {
            writer.get(BOUND_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(watches).isNotEmpty();
        CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new)).get(BOUND_SECONDS, TimeUnit.SECONDS);
        create(LAST, "a");
        for (Future<Seen> watch : watches) {
            check(watch.get(BOUND_SECONDS, TimeUnit.SECONDS));
        }
    }

    /** More than sockets hold waits in the server until the client reads. */
    @Test
    void whoReadsLateMissesNothing() throws Exception {
        create("m", "a");
        long from = server.api.store().version();
        try (Stream<String> lines = lines("watch=true&resourceVersion=" + from)) {
            for (int i = 0; i < 200; i++) {
                String large = i + "x".repeat(100_000);
                edit("m", map -> Json.child(map, "data").put("k", large));
            }
            create(LAST, "a");
            check(new Seen(Begin.LISTED, false, from, state(from, o -> true), read(lines)));
        }
    }

    private void change(String name, Random random) {
        ObjectNode there = server.api.find(type, "default", name);
        if (there == null) {
            create(name, random.nextBoolean() ? "a" : "b");
        } else if (random.nextInt(4) == 0) {
            server.api.delete(type, "default", name, Json.object(), false);
        } else if (random.nextBoolean()) {
            edit(name, map -> label(map, random.nextBoolean() ? "a" : "b"));
        } else {
            edit(name, map -> Json.child(map, "data").put("k", Integer.toString(random.nextInt())));
        }
    }

    private void create(String name, String app) {
        ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("name", name);
        label(map, app);
        server.api.create(type, "default", map, WriteOptions.of("test"));
    }

    private void edit(String name, java.util.function.Consumer<ObjectNode> change) {
        server.api.edit(type, "default", name, "", WriteOptions.of("test"), map -> {
            change.accept(map);
            return map;
        });
    }

    private static void label(ObjectNode map, String app) {
        Json.child(Json.child(map, "metadata"), "labels").put("app", app);
    }

    private Seen watch(Begin begin, boolean selective, boolean socket, CompletableFuture<Void> open) throws Exception {
        String query = selective ? SELECTOR : "";
        long from = 0;
        List<String> listed = List.of();
        switch (begin) {
            case LISTED -> {
                JsonNode list = Json.parse(lines(query).reduce("", String::concat));
                from = Long.parseLong(Json.text(list, "metadata", "resourceVersion"));
                listed = list.path("items")
                        .valueStream()
                        .map(item -> told("ADDED", item))
                        .toList();
                query += "resourceVersion=" + from + "&";
            }
            case PRESENT -> query += "resourceVersion=0&";
            case INITIAL ->
                query += "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&";
        }
        query += "watch=true";
        List<String> told;
        if (socket) {
            told = frames(query, open);
        } else {
            try (Stream<String> lines = lines(query)) {
                open.complete(null);
                told = read(lines);
            }
        }
        return new Seen(begin, selective, from, listed, told);
    }

    private Stream<String> lines(String query) throws IOException, InterruptedException {
        URI uri = URI.create(server.url() + PATH + "?" + query);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines())
                .body();
    }

    private static List<String> read(Stream<String> lines) {
        List<String> told = new ArrayList<>();
        var each = lines.iterator();
        while (told.isEmpty() || !isLast(told.getLast())) {
            told.add(told(each.next()));
        }
        return told;
    }

    /** A WebSocket is read by hand: frames of text, whole ones as this server sends them. */
    private List<String> frames(String query, CompletableFuture<Void> open) throws IOException {
        URI uri = URI.create(server.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
            String request = "GET " + PATH + "?" + query + " HTTP/1.1\r\nHost: sandbox\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            assertThat(head).startsWith("HTTP/1.1 101 ");
            open.complete(null);
            List<String> told = new ArrayList<>();
            while (told.isEmpty() || !isLast(told.getLast())) {
                assertThat(in.readUnsignedByte()).as("a whole text").isEqualTo(0x81);
                int length = in.readUnsignedByte();
                assertThat(length).as("not masked, of no more than 64 KiB").isLessThan(127);
                byte[] text = new byte[length < 126 ? length : in.readUnsignedShort()];
                in.readFully(text);
                told.add(told(new String(text, StandardCharsets.UTF_8)));
            }
            return told;
        }
    }

    private static boolean isLast(String told) {
        return told.startsWith("ADDED " + LAST + " ");
    }

    private static String told(String message) {
        JsonNode event = Json.parse(message);
        return told(Json.text(event, "type"), event.path("object"));
    }

    private static String told(String kind, JsonNode object) {
        return kind + " " + Json.name(object) + " " + Json.text(object, "metadata", "resourceVersion");
    }

    private void check(Seen seen) {
        Predicate<JsonNode> selector = seen.selective() ? Selector.labels("app=a") : Selector.everything();
        switch (seen.begin()) {
            case LISTED -> {
                assertThat(seen.listed()).isEqualTo(state(seen.from(), selector));
                assertThat(seen.told()).isEqualTo(after(seen.from(), selector));
            }
            case INITIAL -> {
                String bookmark = seen.told().stream()
                        .filter(told -> told.startsWith("BOOKMARK"))
                        .findFirst()
                        .orElseThrow();
                long from = Long.parseLong(bookmark.substring(bookmark.lastIndexOf(' ') + 1));
                List<String> expected = new ArrayList<>(state(from, selector));
                expected.add(bookmark);
                expected.addAll(after(from, selector));
                assertThat(seen.told()).isEqualTo(expected);
            }
            case PRESENT ->
                // Of which version the state at its beginning was is not told.
                assertThat(Stream.concat(Stream.of(0L), changes.stream().map(Store.Event::version))
                                .map(from -> Stream.concat(
                                                state(from, selector).stream(), after(from, selector).stream())
                                        .toList()))
                        .contains(seen.told());
        }
    }

    /** What there was at that version, as additions in the order of the names. */
    private List<String> state(long version, Predicate<JsonNode> selector) {
        Map<String, ObjectNode> there = new TreeMap<>();
        for (Store.Event change : changes) {
            if (change.version() <= version) {
                if (change.change() == Store.Change.DELETED) {
                    there.remove(Json.name(change.object()));
                } else {
                    there.put(Json.name(change.object()), change.object());
                }
            }
        }
        return there.values().stream()
                .filter(selector)
                .map(o -> told("ADDED", o))
                .toList();
    }

    private List<String> after(long version, Predicate<JsonNode> selector) {
        List<String> told = new ArrayList<>();
        for (Store.Event change : changes) {
            boolean before = change.previous() != null && selector.test(change.previous());
            boolean now = change.change() != Store.Change.DELETED && selector.test(change.object());
            if (change.version() > version && (before || now)) {
                told.add(told(now ? before ? "MODIFIED" : "ADDED" : "DELETED", change.object()));
            }
        }
        return told;
    }
}
