package dev.redisreplication.node.sentinel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Sentinel reads out of INFO. */
final class InfoFacts {
    private static final Pattern REPLICA = Pattern.compile("slave\\d+");

    private final Map<String, String> fields = new HashMap<>();
    private final List<Address> replicas = new ArrayList<>();

    InfoFacts(String text) {
        for (String line : text.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                continue;
            }
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1);
            if (REPLICA.matcher(name).matches()) {
                replica(value);
            } else {
                fields.put(name, value);
            }
        }
    }

    /** {@code ip=..,port=..,state=..}, or the form of Redis before 2.8: {@code ip,port,state}. */
    private void replica(String value) {
        String host = null;
        String port = null;
        if (value.contains("ip=")) {
            for (String pair : value.split(",", -1)) {
                host = pair.startsWith("ip=") ? pair.substring(3) : host;
                port = pair.startsWith("port=") ? pair.substring(5) : port;
            }
        } else {
            Matcher old = Pattern.compile("([^,]+),(\\d+),.*").matcher(value);
            if (old.matches()) {
                host = old.group(1);
                port = old.group(2);
            }
        }
        if (host != null && !host.isEmpty() && port != null && port.matches("\\d{1,5}")) {
            replicas.add(Address.of(host, Integer.parseInt(port)));
        }
    }

    /** What it says that it is; null where it does not. */
    Instance.Kind role() {
        return switch (text("role")) {
            case "master" -> Instance.Kind.MASTER;
            case "slave" -> Instance.Kind.REPLICA;
            default -> null;
        };
    }

    /** Its replicas, of one that has some. */
    List<Address> replicas() {
        return replicas;
    }

    /** A field, or "". */
    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** A field, or {@code otherwise} if it is none or no number. */
    long number(String name, long otherwise) {
        try {
            return Long.parseLong(fields.getOrDefault(name, "").strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
