package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A crowd that waits for a few lists: each element goes to one client, and the clients of a list are served in the order in which
 * they came, while others come, leave, and find their time over. {@code -Dcrowd.clients=10000 -Dcrowd.keys=100} is the full size,
 * which needs {@code ulimit -n} of nearly twice as much; {@code -Dcrowd.seed} makes another crowd.
 */
class BlockedCrowdTest {
    private static final int CLIENTS = Integer.getInteger("crowd.clients", 2000);
    private static final int KEYS = Integer.getInteger("crowd.keys", 20);
    private static final int MOST_AT_ONCE = 7;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("crowd.seed", 7));
    private final List<Deque<Wire>> waiting = new ArrayList<>();
    private final int[] pushed = new int[KEYS];
    private Wire observer;
    private int port;
    private int blocked;
    private int served;
    private int overdue;
    private int left;

    @Test
    void isServedInOrderEachElementOnce() throws Exception {
        try (Server server =
                Server.start("--port", "0", "--bind", "127.0.0.1", "--save", "", "--maxclients", "40000")) {
            port = server.port();
            observer = new Wire(port);
            for (int key = 0; key < KEYS; key++) {
                waiting.add(new ArrayDeque<>());
            }
            for (int come = 0; come < CLIENTS; come += KEYS) {
                come();
                if (random.nextInt(4) == 0) {
                    feed(random.nextInt(KEYS));
                }
                if (random.nextInt(4) == 0) {
                    leave(random.nextInt(KEYS));
                }
            }
            assertThat(blocked).isGreaterThan(CLIENTS / 3);
            while (blocked > 0) {
                feed(random.nextInt(KEYS));
            }
            for (int key = 0; key < KEYS; key++) {
                assertThat(observer.call("EXISTS", "key" + key).asLong()).isZero();
            }
            assertThat(served + left + overdue).isEqualTo(CLIENTS);
            assertThat(served).isEqualTo((int) observer.call("LLEN", "moved").asLong() + popped);
            observer.close();
        }
    }

    private int popped;

    /** One more for each key; some wait for a moment only. */
    private void come() throws IOException {
        List<Wire> impatient = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            Wire client = new Wire(port);
            boolean moment = random.nextInt(8) == 0;
            client.send(
                    random.nextInt(5) == 0
                            ? List.of("BLMOVE", "key" + key, "moved", "LEFT", "RIGHT", moment ? "0.01" : "0")
                            : List.of("BLPOP", "key" + key, "other" + key, moment ? "0.01" : "0"));
            if (moment) {
                impatient.add(client);
            } else {
                waiting.get(key).add(client);
                blocked++;
            }
        }
        for (Wire client : impatient) {
            assertThat(client.read().toString()).isEqualTo("*(null)");
            client.close();
            overdue++;
        }
        awaitBlocked();
    }

    private void awaitBlocked() {
        Awaitility.await()
                .until(() -> observer.call("INFO", "clients").text().contains("blocked_clients:" + blocked + "\r\n"));
    }

    /** One of those that wait for a key goes away. */
    private void leave(int key) throws IOException {
        Deque<Wire> queue = waiting.get(key);
        if (!queue.isEmpty()) {
            Wire who = random.nextBoolean() ? queue.removeLast() : queue.removeFirst();
            who.close();
            blocked--;
            left++;
            awaitBlocked();
        }
    }

    /** Pushes as many elements as may be taken, in one of several ways, and looks who gets them. */
    private void feed(int key) throws IOException {
        int count = Math.min(1 + random.nextInt(MOST_AT_ONCE), waiting.get(key).size());
        if (count == 0) {
            return;
        }
        List<String> push = new ArrayList<>(List.of("RPUSH", "key" + key));
        for (int i = 0; i < count; i++) {
            push.add(key + "-" + (pushed[key] + i));
        }
        switch (random.nextInt(3)) {
            case 0 -> observer.call(push);
            case 1 -> {
                observer.call("MULTI");
                for (String element : push.subList(2, push.size())) {
                    observer.call("RPUSH", push.get(1), element);
                }
                observer.call("EXEC");
            }
            default -> {
                push.set(1, "{tmp}");
                observer.call(push);
                observer.call("RENAME", "{tmp}", "key" + key);
            }
        }
        for (int i = 0; i < count; i++) {
            Wire first = waiting.get(key).removeFirst();
            Reply reply = first.read();
            String element = key + "-" + pushed[key]++;
            if (reply.isAggregate()) {
                assertThat(reply.toString()).isEqualTo("*[$key" + key + " $" + element + "]");
                popped++;
            } else {
                assertThat(reply.text()).isEqualTo(element);
            }
            first.close();
            blocked--;
            served++;
        }
    }
}
