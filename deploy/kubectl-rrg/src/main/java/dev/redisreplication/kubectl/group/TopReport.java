package dev.redisreplication.kubectl.group;

import dev.redisreplication.kubectl.group.LiveGroup.Member;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.PodMetrics;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What members did and took between two looks. Absent figures are null.
 *
 * @param note why processor and memory of the pods are missing, or null
 */
public record TopReport(String namespace, String name, List<Row> members, String note) {
    private static final Pattern KEYS = Pattern.compile("keys=(\\d+)");

    /** A member; rates are for each second. */
    public record Row(
            String pod,
            String role,
            Long cpuMillis,
            Long memoryBytes,
            Long dataBytes,
            Long keys,
            Long clients,
            Long commandsPerSecond,
            Long inPerSecond,
            Long outPerSecond,
            String problem) {}

    /** From both looks, which are so many seconds apart, and the cluster's metrics. */
    public static TopReport of(Found found, List<Member> before, List<Member> now, double seconds) {
        Map<String, Map<String, Quantity>> usages = new HashMap<>();
        String note = null;
        try {
            for (PodMetrics pod :
                    found.client().top().pods().metrics(found.namespace()).getItems()) {
                pod.getContainers().stream()
                        .findFirst()
                        .ifPresent(c -> usages.put(pod.getMetadata().getName(), c.getUsage()));
            }
        } catch (KubernetesClientException e) {
            note = "The cluster gives no metrics of pods: "
                    + (e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
        }
        Map<String, Member> earlier = new HashMap<>();
        before.forEach(member -> earlier.put(member.name(), member));
        List<Row> rows = now.stream()
                .map(member -> row(
                        member,
                        earlier.getOrDefault(member.name(), member),
                        seconds,
                        usages.getOrDefault(member.name(), Map.of())))
                .toList();
        return new TopReport(found.namespace(), found.name(), rows, note);
    }

    private static Row row(Member member, Member before, double seconds, Map<String, Quantity> usage) {
        return new Row(
                member.name(),
                member.role().isEmpty() ? "unknown" : member.role(),
                amount(usage.get("cpu"), 1000),
                amount(usage.get("memory"), 1),
                known(member.number("used_memory_dataset")),
                member.info().isEmpty() ? null : keys(member),
                known(member.number("connected_clients")),
                rate(member, before, "total_commands_processed", seconds),
                rate(member, before, "total_net_input_bytes", seconds),
                rate(member, before, "total_net_output_bytes", seconds),
                member.problem().isEmpty() ? null : member.problem());
    }

    private static Long amount(Quantity quantity, int times) {
        return quantity == null
                ? null
                : quantity.getNumericalAmount()
                        .multiply(BigDecimal.valueOf(times))
                        .longValue();
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }

    private static Long rate(Member member, Member before, String field, double seconds) {
        long now = member.number(field);
        long then = before.number(field);
        boolean same =
                member.info().getOrDefault("run_id", "").equals(before.info().getOrDefault("run_id", "none"));
        return now < 0 || then < 0 || !same ? null : Math.round((now - then) / seconds);
    }

    private static long keys(Member member) {
        return member.info().entrySet().stream()
                .filter(e -> e.getKey().matches("db\\d+"))
                .mapToLong(e -> {
                    Matcher matcher = KEYS.matcher(e.getValue());
                    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
                })
                .sum();
    }
}
