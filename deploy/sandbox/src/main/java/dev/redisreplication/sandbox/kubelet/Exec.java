package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.ApiException;
import dev.redisreplication.sandbox.http.HttpExchange;
import dev.redisreplication.sandbox.http.HttpRequest;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.stream.Channels;
import dev.redisreplication.sandbox.stream.Protocols;
import dev.redisreplication.sandbox.stream.Spdy;
import dev.redisreplication.sandbox.stream.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a command in a container's place for a client, which has its streams and learns how it ended. */
final class Exec {
    /** Of those that clients offer over SPDY, the newest; over a WebSocket there is one more, which can end standard input. */
    private static final String V4 = "v4.channel.k8s.io";

    private static final List<String> OVER_WEB_SOCKET = List.of("v5.channel.k8s.io", V4);
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int CHANNELS = 5; // and one for the terminal's size

    private final ContainerRunner container;
    private final List<String> command;
    private final boolean input;
    private final boolean output;
    private final boolean errors;
    private final boolean terminal;
    private Process process;
    private boolean gone;

    /** Both outputs are one on a terminal. */
    private record Streams(Stream in, Stream out, Stream err, Stream status) {}

    private Exec(ContainerRunner container, HttpRequest request) {
        this.container = container;
        command = request.query().getOrDefault("command", List.of());
        input = request.flag("stdin");
        output = request.flag("stdout");
        terminal = request.flag("tty");
        errors = request.flag("stderr") && !terminal;
        if (command.isEmpty()) {
            throw ApiException.badRequest("you must specify at least one command for the container");
        }
    }

    /** Serves the request until the client has gone; a command that runs then is ended. */
    static void serve(ContainerRunner container, HttpExchange exchange) throws IOException {
        HttpRequest request = exchange.request();
        Exec exec = new Exec(container, request);
        try {
            if (request.wantsWebSocket()) {
                exec.serve(new Channels(
                        exchange.webSocket(Protocols.choose(request, "sec-websocket-protocol", OVER_WEB_SOCKET)),
                        CHANNELS));
            } else {
                Protocols.requireSpdy(request);
                String protocol = Protocols.choose(request, "x-stream-protocol-version", List.of(V4));
                Map<String, Stream> streams = new ConcurrentHashMap<>();
                Spdy.serve(exchange, protocol, stream -> exec.opened(streams, stream));
            }
        } finally {
            exec.end();
        }
    }

    private void serve(Channels channels) throws IOException {
        Streams streams = new Streams(
                input ? channels.get(STDIN) : null,
                output ? channels.get(STDOUT) : null,
                errors ? channels.get(STDERR) : null,
                channels.get(ERROR));
        // Tells the client that the connection stands.
        channels.get(output ? STDOUT : errors ? STDERR : ERROR).out().write(new byte[0]);
        begin(streams, channels::close);
        channels.serve();
    }

    /** Over SPDY the client opens what it wants, one after the other. */
    private void opened(Map<String, Stream> streams, Stream stream) {
        streams.put(stream.headers().getOrDefault("streamtype", ""), stream);
        int expected = 1 + (input ? 1 : 0) + (output ? 1 : 0) + (errors ? 1 : 0) + (terminal ? 1 : 0);
        if (streams.size() == expected) {
            begin(
                    new Streams(
                            streams.get("stdin"), streams.get("stdout"), streams.get("stderr"), streams.get("error")),
                    () -> {});
        }
    }

    private interface Ending {
        void end() throws IOException;
    }

    private void begin(Streams streams, Ending ending) {
        Thread.ofVirtual().name("exec").start(() -> {
            try {
                ObjectNode status = run(streams);
                // Where nothing began, nobody has ended them yet.
                for (Stream output : new Stream[] {streams.out(), streams.err()}) {
                    if (output != null) {
                        close(output.out());
                    }
                }
                try (OutputStream out = streams.status().out()) {
                    out.write(Json.bytes(status));
                }
                ending.end();
            } catch (IOException e) {
                // The client has gone.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private ObjectNode run(Streams streams) throws InterruptedException {
        try {
            synchronized (this) {
                if (gone) {
                    return success();
                }
                process = container.exec(terminal ? Terminal.around(command) : command, terminal);
            }
        } catch (IOException | RuntimeException e) {
            return failure("InternalError", "error executing command in container: " + e.getMessage());
        }
        List<Thread> outputs = new ArrayList<>();
        outputs.add(pump(process.getInputStream(), streams.out()));
        outputs.add(pump(process.getErrorStream(), streams.err()));
        if (streams.in() == null) {
            close(process.getOutputStream());
        } else {
            Thread.ofVirtual().name("exec-in").start(() -> feed(streams.in()));
        }
        int code = process.waitFor();
        for (Thread thread : outputs) {
            thread.join();
        }
        if (streams.in() != null) {
            close(streams.in().in());
        }
        return code == 0 ? success() : ended(code);
    }

    private void feed(Stream from) {
        try (OutputStream to = process.getOutputStream()) {
            byte[] buffer = new byte[16384];
            for (int n = from.in().read(buffer); n >= 0; n = from.in().read(buffer)) {
                to.write(buffer, 0, n);
                to.flush();
            }
        } catch (IOException e) {
            // The command takes no more, or the client has gone.
        }
    }

    /** What nobody wants is read all the same, or the command would wait. */
    private static Thread pump(InputStream from, Stream to) {
        return Thread.ofVirtual().name("exec-out").start(() -> {
            try (from;
                    OutputStream out = to == null ? OutputStream.nullOutputStream() : to.out()) {
                byte[] buffer = new byte[16384];
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    out.write(buffer, 0, n);
                }
            } catch (IOException e) {
                // The client has gone: the command is ended.
            }
        });
    }

    private static void close(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // It was closed by the other side.
        }
    }

    private synchronized void end() {
        gone = true;
        if (process != null && process.isAlive()) {
            ContainerRunner.killAll(process);
        }
    }

    private static ObjectNode success() {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        return status.put("status", "Success");
    }

    private static ObjectNode failure(String reason, String message) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        return status.put("status", "Failure").put("reason", reason).put("message", message);
    }

    private static ObjectNode ended(int code) {
        ObjectNode status = failure("NonZeroExitCode", "command terminated with non-zero exit code: " + code);
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return status;
    }
}
