package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.server.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a client is shown that came by a unix socket, here and in Redis. */
class UnixSocketDifferentialTest {
    @TempDir
    Path folder;

    @Test
    void clientsAreShownAsByRedis() throws Exception {
        RealRedis.assumeInstalled();
        Path here = folder.resolve("node");
        Path there = folder.resolve("redis");
        try (RealRedis redis = RealRedis.start("--unixsocket", there.toString());
                Server node = Server.start(
                        "--port",
                        "" + FreePort.next(),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--unixsocket",
                        here.toString())) {
            assertThat(shown(node.port(), here)).isEqualTo(shown(redis.port(), there));
        }
    }

    /** What MONITOR, CLIENT LIST, CLIENT INFO and SLOWLOG say of it, and whether CLIENT KILL finds it by its address. */
    private static List<String> shown(int port, Path socket) throws Exception {
        List<String> shown = new ArrayList<>();
        try (Wire tcp = new Wire(port);
                Wire monitor = new Wire(socket);
                Wire unix = new Wire(socket)) {
            unix.call("CLIENT", "SETNAME", "me");
            monitor.call("MONITOR");
            unix.call("ECHO", "by unix");
            shown.add(monitor.read().text());
            tcp.call("ECHO", "by tcp");
            shown.add(monitor.read().text());
            unix.call("EVAL", "return redis.call('ECHO', 'x')", "0");
            shown.add(monitor.read().text());
            shown.add(monitor.read().text());
            shown.addAll(addresses(unix.call("CLIENT", "INFO").text()));
            shown.addAll(addresses(tcp.call("CLIENT", "LIST").text()));
            tcp.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
            unix.call("PING");
            shown.add(tcp.call("SLOWLOG", "GET", "1")
                    .items()
                    .getFirst()
                    .items()
                    .get(4)
                    .text());
            shown.add(tcp.call("CLIENT", "KILL", "ADDR", socket + ":0", "LADDR", socket + ":1")
                    .toString());
            shown.add(tcp.call("CLIENT", "KILL", "ADDR", socket + ":0", "LADDR", socket + ":0")
                    .toString());
            shown.add(tcp.call("CLIENT", "KILL", socket + ":0").toString());
        }
        return shown.stream()
                .map(line -> line.replace(socket.toString(), "/socket")
                        .replaceAll("127\\.0\\.0\\.1:\\d+", "tcp")
                        .replaceAll("^\\d+\\.\\d{6}", "time"))
                .toList();
    }

    private static List<String> addresses(String lines) {
        return lines.lines()
                .map(line -> line.replaceAll(
                        ".*( addr=\\S*)( laddr=\\S*).*( name=\\S*).*( flags=\\S*).*( cmd=\\S*).*", "$1$2$3$4$5"))
                .toList();
    }
}
