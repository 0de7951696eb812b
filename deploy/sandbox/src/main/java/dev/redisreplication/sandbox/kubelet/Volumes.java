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

/** Volumes as directories: claims live as long as the claim, emptyDir as long as the pod. */
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
        if (volume.has("secret")) {
            String name = Json.text(volume, "secret", "secretName");
            files(directory, api.get(api.type("secrets"), namespace, name).path("data"), true);
        } else if (volume.has("configMap")) {
            String name = Json.text(volume, "configMap", "name");
            files(directory, api.get(api.type("configmaps"), namespace, name).path("data"), false);
        }
        return directory;
    }

    private static void files(Path directory, JsonNode data, boolean encoded) {
        data.properties().forEach(e -> {
            String text = e.getValue().asText();
            byte[] bytes = encoded ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8);
            try {
                Files.write(directory.resolve(e.getKey()), bytes);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    private static Path make(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
