package dev.redisreplication.sandbox.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.api.ResourceType;
import dev.redisreplication.sandbox.api.Selector;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.json.Json;
import java.util.List;

/** Keeps an EndpointSlice and an Endpoints object for each Service that selects pods. */
public final class ServiceEndpoints implements AutoCloseable {
    private static final WriteOptions OPTIONS = WriteOptions.of("endpointslice-controller");

    private final Api api;
    private final ResourceType services;
    private final ResourceType pods;
    private final Loop loop;

    public ServiceEndpoints(Api api) {
        this.api = api;
        services = api.type("services");
        pods = api.type("pods");
        loop = new Loop("endpoints", this::reconcileAll);
        api.listen(services, (object, removed) -> loop.wake());
        api.listen(pods, (object, removed) -> loop.wake());
    }

    @Override
    public void close() {
        loop.close();
    }

    private void reconcileAll() {
        for (ObjectNode service : api.list(services, "", o -> true)) {
            JsonNode selector = Json.at(service, "spec", "selector");
            if (!selector.isEmpty() && !Json.deleting(service)) {
                List<ObjectNode> chosen = api.list(
                        pods,
                        Json.namespace(service),
                        p -> !Json.text(p, "status", "podIP").isEmpty()
                                && Selector.ofMap(selector).test(p));
                write("endpointslices", slice(service, chosen));
                write("endpoints", endpoints(service, chosen));
            }
        }
    }

    /** Whether traffic may go to the pod. */
    private static boolean serves(ObjectNode service, ObjectNode pod) {
        boolean always = Json.at(service, "spec", "publishNotReadyAddresses").asBoolean(false);
        return always || (StatefulSets.isReady(pod) && !Json.deleting(pod));
    }

    private static ObjectNode slice(ObjectNode service, List<ObjectNode> chosen) {
        ObjectNode slice =
                Json.object().put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
        String suffix = Json.uid(service).substring(0, 5);
        ObjectNode metadata = slice.putObject("metadata").put("name", Json.name(service) + "-" + suffix);
        metadata.put("namespace", Json.namespace(service));
        ObjectNode labels = metadata.putObject("labels");
        labels.setAll((ObjectNode) labelsOf(service));
        labels.put("kubernetes.io/service-name", Json.name(service));
        labels.put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
        owner(metadata, service);
        slice.put("addressType", "IPv4");
        ArrayNode endpoints = slice.putArray("endpoints");
        for (ObjectNode pod : chosen) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(Json.text(pod, "status", "podIP"));
            endpoint.putObject("conditions")
                    .put("ready", serves(service, pod))
                    .put("serving", StatefulSets.isReady(pod))
                    .put("terminating", Json.deleting(pod));
            if (Json.text(service, "spec", "clusterIP").equals("None")) {
                endpoint.put("hostname", Json.text(pod, "spec", "hostname"));
            }
            endpoint.put("nodeName", Json.text(pod, "spec", "nodeName"));
            endpoint.set("targetRef", target(pod));
        }
        slice.set("ports", ports(service, chosen));
        return slice;
    }

    private static ObjectNode endpoints(ObjectNode service, List<ObjectNode> chosen) {
        ObjectNode endpoints = Json.object().put("apiVersion", "v1").put("kind", "Endpoints");
        ObjectNode metadata = endpoints.putObject("metadata").put("name", Json.name(service));
        metadata.put("namespace", Json.namespace(service));
        metadata.putObject("labels").setAll((ObjectNode) labelsOf(service));
        owner(metadata, service);
        if (!chosen.isEmpty()) {
            ObjectNode subset = Json.object();
            for (ObjectNode pod : chosen) {
                String list = serves(service, pod) ? "addresses" : "notReadyAddresses";
                ArrayNode addresses = subset.get(list) instanceof ArrayNode array ? array : subset.putArray(list);
                ObjectNode address = addresses.addObject().put("ip", Json.text(pod, "status", "podIP"));
                address.put("nodeName", Json.text(pod, "spec", "nodeName"));
                address.set("targetRef", target(pod));
            }
            subset.set("ports", ports(service, chosen));
            endpoints.putArray("subsets").add(subset);
        }
        return endpoints;
    }

    private static JsonNode labelsOf(ObjectNode service) {
        JsonNode labels = Json.at(service, "metadata", "labels");
        return labels.isObject() ? labels.deepCopy() : Json.object();
    }

    /** The Service's ports with the numbers that the pods have them under. */
    private static ArrayNode ports(ObjectNode service, List<ObjectNode> chosen) {
        ArrayNode ports = Json.array();
        for (JsonNode port : Json.at(service, "spec", "ports")) {
            JsonNode wanted = port.path("targetPort");
            int number = wanted.isTextual() ? named(chosen, wanted.asText()) : wanted.asInt();
            if (number > 0) {
                ObjectNode entry = ports.addObject();
                if (port.has("name")) {
                    entry.set("name", port.get("name"));
                }
                entry.put("port", number).put("protocol", Json.text(port, "protocol"));
            }
        }
        return ports;
    }

    private static int named(List<ObjectNode> chosen, String name) {
        for (ObjectNode pod : chosen) {
            for (JsonNode container : Json.at(pod, "spec", "containers")) {
                for (JsonNode port : container.path("ports")) {
                    if (Json.text(port, "name").equals(name)) {
                        return port.path("containerPort").asInt();
                    }
                }
            }
        }
        return 0;
    }

    private static ObjectNode target(ObjectNode pod) {
        return Json.object()
                .put("kind", "Pod")
                .put("name", Json.name(pod))
                .put("namespace", Json.namespace(pod))
                .put("uid", Json.uid(pod));
    }

    private static void owner(ObjectNode metadata, ObjectNode service) {
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("name", Json.name(service))
                .put("uid", Json.uid(service))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    private void write(String plural, ObjectNode wanted) {
        ResourceType type = api.type(plural);
        String namespace = Json.namespace(wanted);
        if (api.find(type, namespace, Json.name(wanted)) == null) {
            api.create(type, namespace, wanted, OPTIONS);
        } else {
            api.update(type, namespace, "", wanted, OPTIONS);
        }
    }
}
