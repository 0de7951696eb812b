package dev.redisreplication.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A RedisReplicationGroup on the cluster under test, and what is asked of it again and again. */
final class Group {

    private static final int SETTLE_MINUTES = 4;

    private final Cluster cluster;
    private final String namespace;
    private final String name;
    private final int replicas;
    private WriterPod writer;

    private Group(Cluster cluster, String namespace, String name, int replicas) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.name = name;
        this.replicas = replicas;
    }

    /** Applies a sample in a namespace of its own, made for it, with a stock kubectl. */
    static Group apply(Cluster cluster, String namespace, Path sample, String name, int replicas) {
        cluster.kubectl("create namespace " + namespace);
        cluster.sh("cat <<'EOF' | kubectl -n " + namespace + " apply -f -\n" + Repository.read(sample) + "\nEOF");
        return new Group(cluster, namespace, name, replicas);
    }

    /** Starts the writer; the group's password must be there, so wait for {@link #settled} first. */
    void startWriter(String secret) {
        writer = WriterPod.start(cluster.client(), namespace, name, replicas, secret);
    }

    WriterPod writer() {
        return writer;
    }

    String name() {
        return name;
    }

    String namespace() {
        return namespace;
    }

    GenericKubernetesResource resource() {
        return cluster.client()
                .genericKubernetesResources(Cluster.GROUP)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    Status status() {
        return new Status(resource());
    }

    Pod pod(String member) {
        return cluster.client().pods().inNamespace(namespace).withName(member).get();
    }

    List<Pod> podsWithRole(String role) {
        return cluster.client()
                .pods()
                .inNamespace(namespace)
                .withLabel("redis-replication.dev/group", name)
                .withLabel("redis-replication.dev/role", role)
                .list()
                .getItems();
    }

    String host(String member) {
        return WriterPod.host(name, member);
    }

    /** A section of INFO of one member, line by line; empty when it does not answer. */
    Map<String, String> info(String member, String section) {
        String text = writer.ask(host(member), "INFO", section);
        Map<String, String> values = new LinkedHashMap<>();
        if (text != null) {
            text.lines().filter(l -> l.contains(":")).forEach(l -> {
                int colon = l.indexOf(':');
                values.put(l.substring(0, colon), l.substring(colon + 1).trim());
            });
        }
        return values;
    }

    /** Waits until the group is whole: Ready, every member there and linked, and (with a writer) writes accepted. */
    Status settled() {
        return settled(-1);
    }

    /** As {@link #settled()}, and in a term later than the one given. */
    Status settled(long afterTerm) {
        try {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(SETTLE_MINUTES))
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .until(() -> whole(afterTerm));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    name + " did not become whole after term " + afterTerm + ":\n" + resource() + "\n"
                            + (writer == null ? "" : writer.report()) + "\n" + cluster.diagnosis(),
                    e);
        }
        return status();
    }

    /** The offset of a candidate or member of the status. */
    static long offset(Map<String, Object> entry) {
        return ((Number) entry.get("offset")).longValue();
    }

    private boolean whole(long afterTerm) {
        Status status = status();
        if (!"Ready".equals(status.text("phase"))
                || !(replicas + "/" + replicas).equals(status.text("ready"))
                || status.number("term") <= afterTerm) {
            return false;
        }
        boolean linked = status.list("members").stream()
                .allMatch(m -> "master".equals(m.get("role")) || "up".equalsIgnoreCase(String.valueOf(m.get("link"))));
        return linked && (writer == null || writer.report().get("refusedSince").asLong() == 0);
    }

    /** The status of the resource, read once. */
    record Status(GenericKubernetesResource resource) {

        String text(String... path) {
            return String.valueOf((Object) resource.get(join(path)));
        }

        long number(String... path) {
            Object value = resource.get(join(path));
            return value instanceof Number n ? n.longValue() : value == null ? 0 : Long.parseLong(value.toString());
        }

        @SuppressWarnings("unchecked")
        List<Map<String, Object>> list(String... path) {
            Object value = resource.get(join(path));
            return value == null ? List.of() : (List<Map<String, Object>>) value;
        }

        private static Object[] join(String... path) {
            Object[] all = new Object[path.length + 1];
            all[0] = "status";
            System.arraycopy(path, 0, all, 1, path.length);
            return all;
        }
    }
}
