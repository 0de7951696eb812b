package dev.redisreplication.sandbox.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a path names. */
record Target(ResourceType type, String namespace, String name, String subresource) {
    static Target of(ResourceTypes types, String path) {
        List<String> parts = new ArrayList<>(
                Arrays.stream(path.split("/", -1)).filter(p -> !p.isEmpty()).toList());
        boolean core = !parts.isEmpty() && parts.getFirst().equals("api");
        int head = core ? 2 : 3;
        if (parts.size() <= head || !(core || parts.getFirst().equals("apis"))) {
            throw ApiException.noSuchPath();
        }
        String group = core ? "" : parts.get(1);
        String version = parts.get(head - 1);
        List<String> rest = parts.subList(head, parts.size());
        String namespace = "";
        if (rest.size() > 2
                && rest.getFirst().equals("namespaces")
                && !rest.get(2).equals("status")
                && !rest.get(2).equals("finalize")) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        ResourceType type = types.find(group, version, rest.getFirst()).orElseThrow(ApiException::noSuchPath);
        String subresource = rest.size() > 2 ? rest.get(2) : "";
        boolean known =
                switch (subresource) {
                    case "" -> true;
                    case "status" -> type.statusSubresource();
                    case "scale" -> type.scale() != null;
                    case "log", "exec", "portforward" -> type.kind().equals("Pod");
                    default -> false;
                };
        if (!known || rest.size() > 3) {
            throw ApiException.noSuchPath();
        }
        return new Target(type, namespace, rest.size() > 1 ? rest.get(1) : "", subresource);
    }
}
