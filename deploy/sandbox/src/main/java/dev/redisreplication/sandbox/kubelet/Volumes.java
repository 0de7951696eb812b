package dev.redisreplication.sandbox.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Volumes as directories: claims live as long as the claim, all others as long as the pod. */
final class Volumes {
    private final Api api;
    private final Path state;

    Volumes(Api api, Path state) {
        this.api = api;
        this.state = state;
    }

    Path podDirectory(String uid) {
        return state.resolve("pods").resolve(uid);
    }

    /** Makes the pod's volumes and says where each mount path of the container lies on this machine. */
    Map<String, String> mount(ObjectNode pod, JsonNode container) {
        Map<String, Path> volumes = new LinkedHashMap<>();
        for (JsonNode volume : Json.at(pod, "spec", "volumes")) {
            volumes.put(Json.text(volume, "name"), directory(pod, volume));
        }
        Map<String, String> mounts = new LinkedHashMap<>();
        for (JsonNode mount : container.path("volumeMounts")) {
            Path directory = volumes.get(Json.text(mount, "name"));
            if (directory != null) {
                String below = Json.text(mount, "subPath");
                mounts.put(
                        Json.text(mount, "mountPath"),
                        make(below.isEmpty() ? directory : directory.resolve(below))
                                .toString());
            }
        }
        return mounts;
    }

    /** A text in which a path inside the container, alone or as a beginning, is replaced by the one on this machine. */
    static String translate(String text, Map<String, String> mounts) {
        for (Map.Entry<String, String> mount : mounts.entrySet()) {
            if (text.equals(mount.getKey()) || text.startsWith(mount.getKey() + "/")) {
                return mount.getValue() + text.substring(mount.getKey().length());
            }
        }
        return text;
    }

    private Path directory(ObjectNode pod, JsonNode volume) {
        String namespace = Json.namespace(pod);
        if (volume.has("persistentVolumeClaim")) {
            String claim = Json.text(volume, "persistentVolumeClaim", "claimName");
            ObjectNode found = api.get(api.type("persistentvolumeclaims"), namespace, claim);
            return make(state.resolve("volumes").resolve(Json.uid(found)));
        }
        Path directory = make(podDirectory(Json.uid(pod)).resolve("volumes").resolve(Json.text(volume, "name")));
        if (volume.has("secret") || volume.has("configMap")) {
            ObjectNode object = source(namespace, volume);
            if (object == null) {
                throw new IllegalStateException("MountVolume.SetUp failed for volume \"" + Json.text(volume, "name")
                        + "\": what it is made of was not found");
            }
            project(directory, object, volume);
        }
        return directory;
    }

    /** What a volume of files is made of; null when it is not there. */
    private ObjectNode source(String namespace, JsonNode volume) {
        return volume.has("secret")
                ? api.find(api.type("secrets"), namespace, Json.text(volume, "secret", "secretName"))
                : api.find(api.type("configmaps"), namespace, Json.text(volume, "configMap", "name"));
    }

    /** Brings changed Secrets and ConfigMaps into the volumes of a pod that has them; those that are gone stay as they were. */
    void refresh(ObjectNode pod) {
        for (JsonNode volume : Json.at(pod, "spec", "volumes")) {
            Path directory = podDirectory(Json.uid(pod)).resolve("volumes").resolve(Json.text(volume, "name"));
            boolean files = volume.has("secret") || volume.has("configMap");
            ObjectNode object = files && Files.exists(directory) ? source(Json.namespace(pod), volume) : null;
            if (object != null) {
                project(directory, object, volume);
            }
        }
    }

    private static synchronized void project(Path directory, ObjectNode object, JsonNode volume) {
        boolean secret = volume.has("secret");
        Map<String, byte[]> files = new LinkedHashMap<>();
        object.path("data").properties().forEach(e -> {
            String text = e.getValue().asText();
            files.put(e.getKey(), secret ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8));
        });
        int mode =
                volume.path(secret ? "secret" : "configMap").path("defaultMode").asInt(0644);
        try {
            ProjectedFiles.write(directory, files, mode);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path make(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
