package dev.redisreplication.sandbox.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Asks every member of a group for {@code INFO replication}, a few times a second, each on a thread of its own. */
final class MemberInfo implements AutoCloseable {
    private static final long PERIOD_MILLIS = 200;
    private static final int TIMEOUT_MILLIS = 250;

    private final Group group;
    private final String password;
    private final Map<String, Map<String, String>> answers = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /** A line of the table. Texts are empty where the member says nothing. */
    record Row(String pod, String role, long offset, long lag, String link) {}

    MemberInfo(Group group, String password) {
        this.group = group;
        this.password = password;
        thread = Thread.ofVirtual().name("member-info").start(this::run);
    }

    /** Whether every member has answered at its last question. */
    boolean answered() {
        return group.pods().stream()
                .noneMatch(pod -> answers.getOrDefault(Json.name(pod), Map.of()).isEmpty());
    }

    /** What the members last said of themselves, in the order of their names. */
    List<Row> rows() {
        long head = answers.values().stream()
                .filter(a -> role(a).equals("master"))
                .mapToLong(a -> number(a, "master_repl_offset"))
                .max()
                .orElse(-1);
        return group.pods().stream()
                .map(pod -> {
                    Map<String, String> answer = answers.getOrDefault(Json.name(pod), Map.of());
                    String role = role(answer);
                    long offset = number(answer, role.equals("master") ? "master_repl_offset" : "slave_repl_offset");
                    offset = offset < 0 ? number(answer, "master_repl_offset") : offset;
                    boolean replica = role.equals("replica");
                    return new Row(
                            Json.name(pod),
                            role,
                            offset,
                            replica && head >= 0 ? Math.max(0, head - offset) : -1,
                            replica ? answer.getOrDefault("master_link_status", "") : "");
                })
                .toList();
    }

    private static String role(Map<String, String> answer) {
        if (answer.isEmpty()) {
            return "";
        }
        String managed = answer.getOrDefault("managed_role", "");
        if (!managed.isEmpty()) {
            return managed;
        }
        return answer.getOrDefault("role", "").equals("master") ? "master" : "replica";
    }

    private static long number(Map<String, String> answer, String field) {
        try {
            return Long.parseLong(answer.getOrDefault(field, "-1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void run() {
        while (!closed) {
            List<Thread> asking = group.pods().stream()
                    .map(pod -> Thread.ofVirtual().start(() -> ask(pod)))
                    .toList();
            try {
                for (Thread thread : asking) {
                    thread.join();
                }
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void ask(ObjectNode pod) {
        String ip = Json.text(pod, "status", "podIP");
        Map<String, String> fields = new HashMap<>();
        if (!ip.isEmpty()) {
            DefaultJedisClientConfig config = Writer.config(password, TIMEOUT_MILLIS);
            try (Jedis jedis = new Jedis(new HostAndPort(ip, Group.REDIS_PORT), config)) {
                for (String line : jedis.info("replication").split("\r\n", -1)) {
                    String[] sides = line.split(":", 2);
                    if (sides.length == 2) {
                        fields.put(sides[0], sides[1]);
                    }
                }
            } catch (JedisException e) {
                fields.clear();
            }
        }
        answers.put(Json.name(pod), fields);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
