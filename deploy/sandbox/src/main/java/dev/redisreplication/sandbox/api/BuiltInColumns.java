package dev.redisreplication.sandbox.api;

import static dev.redisreplication.sandbox.api.Tables.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Tables.Cell;
import dev.redisreplication.sandbox.api.Tables.Column;
import dev.redisreplication.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The columns of built-in kinds, as the real API server prints them. */
final class BuiltInColumns {
    private BuiltInColumns() {}

    static void add(ResourceType type, List<Column> columns) {
        switch (type.kind()) {
            case "Pod" -> {
                columns.add(column("Ready", BuiltInColumns::podReady));
                columns.add(column("Status", BuiltInColumns::podStatus));
                columns.add(column("Restarts", BuiltInColumns::podRestarts));
                columns.add(Tables.age());
                columns.add(wide("IP", o -> orNone(Json.text(o, "status", "podIP"))));
                columns.add(wide("Node", o -> orNone(Json.text(o, "spec", "nodeName"))));
                columns.add(wide("Nominated Node", o -> orNone(Json.text(o, "status", "nominatedNodeName"))));
                columns.add(wide("Readiness Gates", o -> "<none>"));
            }
            case "Service" -> {
                columns.add(column("Type", o -> Json.text(o, "spec", "type")));
                columns.add(column("Cluster-IP", o -> orNone(Json.text(o, "spec", "clusterIP"))));
                columns.add(column("External-IP", o -> "<none>"));
                columns.add(column("Port(s)", BuiltInColumns::servicePorts));
                columns.add(Tables.age());
                columns.add(wide("Selector", o -> labels(Json.at(o, "spec", "selector"))));
            }
            case "StatefulSet" -> {
                columns.add(column(
                        "Ready",
                        o -> Json.at(o, "status", "readyReplicas").asInt(0) + "/"
                                + Json.at(o, "spec", "replicas").asInt(1)));
                columns.add(Tables.age());
                columns.add(wide("Containers", o -> each(containers(o), "name")));
                columns.add(wide("Images", o -> each(containers(o), "image")));
            }
            case "Endpoints" -> {
                columns.add(column("Endpoints", BuiltInColumns::endpoints));
                columns.add(Tables.age());
            }
            case "EndpointSlice" -> {
                columns.add(column("AddressType", o -> Json.text(o, "addressType")));
                columns.add(column("Ports", o -> orUnset(each(o.path("ports"), "port"))));
                columns.add(column("Endpoints", o -> {
                    List<String> addresses = new ArrayList<>();
                    o.path("endpoints")
                            .forEach(e ->
                                    addresses.add(Json.text(e.path("addresses").path(0))));
                    return orUnset(String.join(",", addresses));
                }));
                columns.add(Tables.age());
            }
            case "Secret" -> {
                columns.add(column("Type", o -> Json.text(o, "type")));
                columns.add(number("Data", o -> o.path("data").size()));
                columns.add(Tables.age());
            }
            case "ConfigMap" -> {
                columns.add(number(
                        "Data",
                        o -> o.path("data").size() + o.path("binaryData").size()));
                columns.add(Tables.age());
            }
            case "ServiceAccount" -> {
                columns.add(number("Secrets", o -> o.path("secrets").size()));
                columns.add(Tables.age());
            }
            case "Namespace" -> {
                columns.add(column("Status", o -> Json.text(o, "status", "phase")));
                columns.add(Tables.age());
            }
            case "Node" -> {
                columns.add(column("Status", o -> "Ready"));
                columns.add(column("Roles", o -> "<none>"));
                columns.add(Tables.age());
                columns.add(column("Version", o -> Json.text(o, "status", "nodeInfo", "kubeletVersion")));
            }
            case "Event" -> events(columns);
            case "PersistentVolumeClaim" -> {
                columns.add(column("Status", o -> Json.text(o, "status", "phase")));
                columns.add(column("Volume", o -> Json.text(o, "spec", "volumeName")));
                columns.add(column("Capacity", o -> Json.text(o, "status", "capacity", "storage")));
                columns.add(column("Access Modes", o -> each(Json.at(o, "spec", "accessModes"), "")));
                columns.add(column("StorageClass", o -> Json.text(o, "spec", "storageClassName")));
                columns.add(Tables.age());
            }
            case "PodDisruptionBudget" -> {
                columns.add(column("Min Available", o -> orNotSet(Json.text(o, "spec", "minAvailable"))));
                columns.add(column("Max Unavailable", o -> orNotSet(Json.text(o, "spec", "maxUnavailable"))));
                columns.add(number("Allowed Disruptions", o -> Json.at(o, "status", "disruptionsAllowed")
                        .asInt(0)));
                columns.add(Tables.age());
            }
            case "Lease" -> {
                columns.add(column("Holder", o -> Json.text(o, "spec", "holderIdentity")));
                columns.add(Tables.age());
            }
            case "CustomResourceDefinition" ->
                columns.add(column("Created At", o -> Json.text(o, "metadata", "creationTimestamp")));
            default -> columns.add(Tables.age());
        }
    }

    private static void events(List<Column> columns) {
        columns.set(
                0,
                column(
                        "Last Seen",
                        o -> Tables.since(firstOf(
                                Json.text(o, "lastTimestamp"),
                                Json.text(o, "eventTime"),
                                Json.text(o, "metadata", "creationTimestamp")))));
        columns.add(column("Type", o -> Json.text(o, "type")));
        columns.add(column("Reason", o -> Json.text(o, "reason")));
        columns.add(column("Object", o -> {
            JsonNode about = o.has("involvedObject") ? o.path("involvedObject") : o.path("regarding");
            return Json.text(about, "kind").toLowerCase(Locale.ROOT) + "/" + Json.text(about, "name");
        }));
        columns.add(column("Message", o -> firstOf(Json.text(o, "message"), Json.text(o, "note"))
                .strip()));
        columns.add(wide("Name", Json::name));
    }

    private static String firstOf(String... texts) {
        for (String text : texts) {
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private static Column column(String name, Function<ObjectNode, String> cell) {
        return new Column(name, "string", "", "", 0, object -> text(cell.apply(object)));
    }

    private static Column wide(String name, Function<ObjectNode, String> cell) {
        return new Column(name, "string", "", "", 1, object -> text(cell.apply(object)));
    }

    private static Column number(String name, Function<ObjectNode, Integer> count) {
        Cell cell = object -> Json.array().add(count.apply(object)).get(0);
        return new Column(name, "integer", "", "", 0, cell);
    }

    private static String podReady(ObjectNode pod) {
        int ready = 0;
        for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
            ready += status.path("ready").asBoolean() ? 1 : 0;
        }
        return ready + "/" + Json.at(pod, "spec", "containers").size();
    }

    private static String podStatus(ObjectNode pod) {
        if (Json.deleting(pod)) {
            return "Terminating";
        }
        String shown = Json.text(pod, "status", "phase");
        for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
            String waiting = Json.text(status, "state", "waiting", "reason");
            String ended = Json.text(status, "state", "terminated", "reason");
            shown = !waiting.isEmpty() ? waiting : !ended.isEmpty() ? ended : shown;
        }
        return shown;
    }

    private static String podRestarts(ObjectNode pod) {
        int restarts = 0;
        String last = "";
        for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
            restarts += status.path("restartCount").asInt(0);
            last = Json.text(status, "lastState", "terminated", "finishedAt");
        }
        return restarts == 0 || last.isEmpty() ? "" + restarts : restarts + " (" + Tables.since(last) + " ago)";
    }

    private static String servicePorts(ObjectNode service) {
        List<String> ports = new ArrayList<>();
        Json.at(service, "spec", "ports")
                .forEach(p -> ports.add(Json.text(p, "port") + "/" + Json.text(p, "protocol")));
        return orNone(String.join(",", ports));
    }

    private static String endpoints(ObjectNode endpoints) {
        List<String> all = new ArrayList<>();
        for (JsonNode subset : endpoints.path("subsets")) {
            for (JsonNode address : subset.path("addresses")) {
                subset.path("ports").forEach(p -> all.add(Json.text(address, "ip") + ":" + Json.text(p, "port")));
            }
        }
        return orNone(String.join(",", all));
    }

    private static JsonNode containers(ObjectNode set) {
        return Json.at(set, "spec", "template", "spec", "containers");
    }

    private static String each(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(e -> texts.add(field.isEmpty() ? e.asText() : Json.text(e, field)));
        return String.join(",", texts);
    }

    private static String labels(JsonNode labels) {
        List<String> texts = new ArrayList<>();
        labels.properties()
                .forEach(e -> texts.add(e.getKey() + "=" + e.getValue().asText()));
        return orNone(String.join(",", texts));
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    private static String orUnset(String text) {
        return text.isEmpty() ? "<unset>" : text;
    }

    private static String orNotSet(String text) {
        return text.isEmpty() ? "N/A" : text;
    }
}
