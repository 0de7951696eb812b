package dev.redisreplication.kubectl.group;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.kubectl.node.NodeConnection;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Connections to a group's nodes, asked for INFO as often as is wanted. One thread at a time. */
public final class LiveGroup implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String MASTER = "master";

    private final Found found;
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    private record Open(String uid, NodeConnection connection) {}

    /**
     * A member.
     *
     * @param info what its node says; empty when it does not answer
     * @param problem why it does not, or empty
     */
    public record Member(Pod pod, Map<String, String> info, String problem) {
        public String name() {
            return pod.getMetadata().getName();
        }

        /** As its node says it: {@code master}, {@code replica}, {@code fenced}, {@code none}; empty when it does not answer. */
        public String role() {
            String managed = info.getOrDefault("managed_role", "");
            String plain = info.getOrDefault("role", "");
            return !managed.isEmpty() ? managed : plain.equals("slave") ? "replica" : plain;
        }

        /** Bytes of the stream that it has, or -1. */
        public long offset() {
            String field = role().equals("replica") && info.containsKey("slave_repl_offset")
                    ? "slave_repl_offset"
                    : "master_repl_offset";
            return number(field);
        }

        /** A field that is a number, or -1. */
        public long number(String field) {
            try {
                return Long.parseLong(info.getOrDefault(field, "-1").strip());
            } catch (NumberFormatException e) {
                return -1;
            }
        }
    }

    public LiveGroup(Found found) {
        this.found = found;
    }

    /**
     * Asks all members at once; replicas after the master has said how far it is, so that none is shown to lack what it has.
     *
     * @throws Failure when the password cannot be read
     */
    public List<Member> look(RedisReplicationGroup group) {
        String password = Password.of(found, group);
        Map<String, Member> members = new LinkedHashMap<>();
        found.pods().forEach(pod -> members.put(pod.getMetadata().getName(), new Member(pod, Map.of(), "")));
        ask(members, password, member -> true);
        ask(members, password, member -> member.role().equals(MASTER));
        ask(
                members,
                password,
                member -> !member.role().equals(MASTER) && member.problem().isEmpty());
        return List.copyOf(members.values());
    }

    private void ask(Map<String, Member> members, String password, Predicate<Member> which) {
        Map<String, Member> answers = new ConcurrentHashMap<>();
        List<Thread> threads = members.values().stream()
                .filter(which)
                .map(member -> Thread.ofVirtual().start(() -> answers.put(member.name(), ask(member.pod(), password))))
                .toList();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        members.replaceAll((name, before) -> answers.getOrDefault(name, before));
    }

    private Member ask(Pod pod, String password) {
        String name = pod.getMetadata().getName();
        String phase = pod.getStatus() == null ? "Pending" : pod.getStatus().getPhase();
        if (!"Running".equals(phase)) {
            return new Member(pod, Map.of(), "the pod is " + phase);
        }
        try {
            return new Member(pod, connection(pod, password).info(), "");
        } catch (IOException | RuntimeException e) {
            forget(name);
            return new Member(pod, Map.of(), e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private NodeConnection connection(Pod pod, String password) throws IOException {
        String name = pod.getMetadata().getName();
        Open before = open.get(name);
        if (before != null && before.uid().equals(pod.getMetadata().getUid())) {
            return before.connection();
        }
        forget(name);
        NodeConnection made = NodeConnection.open(
                found.client().pods().inNamespace(found.namespace()).withName(name), password, PATIENCE);
        open.put(name, new Open(pod.getMetadata().getUid(), made));
        return made;
    }

    private void forget(String name) {
        Open gone = open.remove(name);
        if (gone != null) {
            try {
                gone.connection().close();
            } catch (IOException e) {
                // It is closed.
            }
        }
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::forget);
    }
}
