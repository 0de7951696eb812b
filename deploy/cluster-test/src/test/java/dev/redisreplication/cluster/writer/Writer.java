package dev.redisreplication.cluster.writer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes numbered keys through the read-write Service, one after the other, and answers over HTTP:
 *
 * <ul>
 *   <li>{@code /report}: what was acknowledged, the gaps, and the runs that each witness saw;
 *   <li>{@code /verify}: reads every acknowledged key back through the Service and counts what is missing;
 *   <li>{@code /ask?MEMBER&COMMAND&ARGUMENT...}: one command at one member, its reply as text.
 * </ul>
 *
 * <p>Environment: {@code SERVICE}, {@code MEMBERS} (comma-separated host names), {@code PASSWORD}, {@code HTTP_PORT}.
 */
public final class Writer {

    private static final int REDIS = 6379;
    private static final int REPLY_MILLIS = 300;
    private static final int WAIT_MILLIS = 100;
    private static final int VERIFY_BATCH = 500;

    private final String service = System.getenv("SERVICE");
    private final String password = System.getenv().getOrDefault("PASSWORD", "");
    private final Ledger ledger = new Ledger();
    private final Map<String, Witness> witnesses = new LinkedHashMap<>();

    private Writer() {}

    public static void main(String[] arguments) throws IOException {
        java.security.Security.setProperty("networkaddress.cache.ttl", "0");
        java.security.Security.setProperty("networkaddress.cache.negative.ttl", "0");
        new Writer().start();
    }

    private void start() throws IOException {
        for (String member : System.getenv("MEMBERS").split(",", -1)) {
            Witness witness = new Witness(member, REDIS, password, "witness:" + member);
            witnesses.put(member, witness);
            Thread.ofPlatform().name("witness-" + member).start(witness);
        }
        Thread.ofPlatform().name("writer").start(this::write);
        Pages.serve(
                Integer.parseInt(System.getenv().getOrDefault("HTTP_PORT", "8099")),
                Map.of("/report", query -> report(), "/verify", query -> verify(), "/ask", this::ask));
    }

    private void write() {
        int number = 0;
        while (true) {
            try (Connection connection = new Connection(service, REDIS, password, REPLY_MILLIS)) {
                while (true) {
                    write(connection, number++);
                    Thread.sleep(1);
                }
            } catch (Connection.Refused | IOException e) {
                ledger.failed(e.toString(), System.currentTimeMillis());
            } catch (InterruptedException e) {
                return;
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void write(Connection connection, int number) throws IOException, Connection.Refused {
        connection.sendBoth(
                new String[] {"SET", "w:" + number, Integer.toString(number)},
                new String[] {"WAIT", "1", Integer.toString(WAIT_MILLIS)});
        connection.receive();
        ledger.acknowledged(number, System.currentTimeMillis());
        if (connection.receive() instanceof Long replicas && replicas >= 1) {
            ledger.replicated(number);
        }
    }

    private String report() throws IOException {
        Map<String, String> runs = new LinkedHashMap<>();
        witnesses.forEach((member, witness) -> runs.put(member, witness.json()));
        String uptime = Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0];
        return "{\"now\":%d,\"uptime\":%d,%s,\"witnesses\":%s}"
                .formatted(
                        System.currentTimeMillis(),
                        (long) (Double.parseDouble(uptime) * 1000),
                        ledger.json(),
                        Json.object(runs));
    }

    private String verify() throws IOException, Connection.Refused {
        BitSet acknowledged = ledger.acknowledged();
        BitSet replicated = ledger.replicated();
        int[] numbers = acknowledged.stream().toArray();
        List<Integer> missing = new ArrayList<>();
        try (Connection connection = new Connection(service, REDIS, password, 10_000)) {
            for (int from = 0; from < numbers.length; from += VERIFY_BATCH) {
                int to = Math.min(numbers.length, from + VERIFY_BATCH);
                String[] command = new String[to - from + 1];
                command[0] = "MGET";
                for (int i = from; i < to; i++) {
                    command[i - from + 1] = "w:" + numbers[i];
                }
                connection.send(command);
                List<?> values = (List<?>) connection.receive();
                for (int i = from; i < to; i++) {
                    if (!Integer.toString(numbers[i]).equals(values.get(i - from))) {
                        missing.add(numbers[i]);
                    }
                }
            }
        }
        long lost = missing.stream().filter(replicated::get).count();
        return "{\"acknowledged\":%d,\"replicated\":%d,\"missing\":%d,\"missingReplicated\":%d,\"first\":%s}"
                .formatted(
                        numbers.length,
                        replicated.cardinality(),
                        missing.size(),
                        lost,
                        missing.subList(0, Math.min(20, missing.size())));
    }

    private String ask(String query) throws IOException, Connection.Refused {
        String[] parts = query.split("&", -1);
        String[] command = java.util.Arrays.copyOfRange(parts, 1, parts.length);
        try (Connection connection = new Connection(parts[0], REDIS, password, 5_000)) {
            connection.send(command);
            return String.valueOf(connection.receive());
        }
    }
}
