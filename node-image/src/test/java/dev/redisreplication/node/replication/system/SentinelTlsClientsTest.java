package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.Certificates;
import dev.redisreplication.node.net.Certificates.Who;
import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.net.TlsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which certificates a Sentinel wants of its clients, by {@code tls-auth-clients}; a real one beside ours. */
class SentinelTlsClientsTest {
    @TempDir
    private Path folder;

    private List<String> outcomes(String program, Certificates certificates, String authClients) throws IOException {
        Path own = Files.createDirectories(folder.resolve(program + "-" + authClients));
        int port = FreePort.next();
        int secure = FreePort.next();
        List<String> lines = new ArrayList<>(List.of(
                "port " + port,
                "bind 127.0.0.1",
                "dir " + own,
                "tls-auth-clients " + authClients,
                "sentinel monitor group 127.0.0.1 1 1"));
        String[] flags = certificates.flags(secure);
        for (int i = 0; i < flags.length; i += 2) {
            lines.add(flags[i].substring(2) + " " + flags[i + 1]);
        }
        Path file = Files.write(own.resolve("sentinel.conf"), lines);
        try (ServerProcess ignored = ServerProcess.configured(List.of(), program, file, port, null)) {
            return List.of(
                    authClients,
                    TlsClient.outcome(certificates.client(), secure),
                    TlsClient.outcome(certificates.client(Who.CLIENT), secure),
                    TlsClient.outcome(certificates.client(Who.STRANGER), secure));
        }
    }

    @Test
    void whoMayComeIsTheSame() throws Exception {
        Certificates certificates = Certificates.in(folder.resolve("tls"));
        List<List<String>> real = new ArrayList<>();
        List<List<String>> ours = new ArrayList<>();
        for (String authClients : List.of("yes", "no", "optional")) {
            real.add(outcomes("redis-sentinel", certificates, authClients));
            ours.add(outcomes("node-sentinel", certificates, authClients));
        }
        assertThat(ours)
                .isEqualTo(real)
                .containsExactly(
                        List.of("yes", "refused", "TLSv1.3", "refused"),
                        List.of("no", "TLSv1.3", "TLSv1.3", "TLSv1.3"),
                        List.of("optional", "TLSv1.3", "TLSv1.3", "refused"));
    }
}
