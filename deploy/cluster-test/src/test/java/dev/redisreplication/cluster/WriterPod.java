package dev.redisreplication.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.cluster.writer.Writer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The {@link Writer} as a pod beside a group; asked through the API server's proxy. */
final class WriterPod {

    private static final String NAME = "writer";
    private static final int PORT = 8099;

    private final KubernetesClient client;
    private final String namespace;

    private WriterPod(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Starts it and waits until it answers; it begins to write at once, whether the group is ready or not. */
    static WriterPod start(KubernetesClient client, String namespace, String group, int members, String secret) {
        client.configMaps()
                .inNamespace(namespace)
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .addToBinaryData("writer.jar", Base64.getEncoder().encodeToString(jar()))
                        .build())
                .create();
        String hosts = String.join(
                ",",
                Stream.iterate(0, i -> i + 1)
                        .limit(members)
                        .map(i -> host(group, group + "-" + i))
                        .toList());
        client.pods()
                .inNamespace(namespace)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .withNewSpec()
                        .withTerminationGracePeriodSeconds(0L)
                        .addNewContainer()
                        .withName(NAME)
                        .withImage(Cluster.NODE_IMAGE)
                        .withImagePullPolicy("IfNotPresent")
                        .withCommand(
                                "/opt/redis-node/java/bin/java", // the runtime of the image: it is not on the PATH
                                "-Xmx96m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                "/writer/writer.jar",
                                Writer.class.getName())
                        .addNewEnv()
                        .withName("SERVICE")
                        .withValue(group + "-rw")
                        .endEnv()
                        .addNewEnv()
                        .withName("MEMBERS")
                        .withValue(hosts)
                        .endEnv()
                        .addNewEnv()
                        .withName("PASSWORD")
                        .withNewValueFrom()
                        .withNewSecretKeyRef("password", secret, false)
                        .endValueFrom()
                        .endEnv()
                        .withNewResources()
                        .addToRequests("memory", new Quantity("64Mi"))
                        .endResources()
                        .addNewVolumeMount()
                        .withName(NAME)
                        .withMountPath("/writer")
                        .endVolumeMount()
                        .endContainer()
                        .addNewVolume()
                        .withName(NAME)
                        .withNewConfigMap()
                        .withName(NAME)
                        .endConfigMap()
                        .endVolume()
                        .endSpec()
                        .build())
                .create();
        client.pods().inNamespace(namespace).withName(NAME).waitUntilReady(2, TimeUnit.MINUTES);
        return new WriterPod(client, namespace);
    }

    /** The stable name of a member, served by the headless Service. */
    static String host(String group, String member) {
        return member + "." + group + "-nodes";
    }

    JsonNode report() {
        return json("report");
    }

    JsonNode verify() {
        return json("verify");
    }

    /** One command at one member; null when it did not answer. */
    String ask(String host, String... command) {
        try {
            return get("ask?" + host + "&" + String.join("&", command));
        } catch (KubernetesClientException e) {
            return null;
        }
    }

    private JsonNode json(String what) {
        try {
            return Serialization.jsonMapper().readTree(get(what));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String what) {
        String text = client.raw("/api/v1/namespaces/" + namespace + "/pods/" + NAME + ":" + PORT + "/proxy/" + what);
        if (text == null) {
            throw new IllegalStateException("the writer pod does not answer /" + what);
        }
        return text;
    }

    private static byte[] jar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            for (Path file : classes()) {
                jar.putNextEntry(
                        new ZipEntry(Writer.class.getPackageName().replace('.', '/') + "/" + file.getFileName()));
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(jar);
                }
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Path> classes() throws IOException {
        try {
            Path self = Path.of(Writer.class.getResource("Writer.class").toURI());
            try (Stream<Path> files = Files.list(self.getParent())) {
                return files.filter(f -> f.toString().endsWith(".class"))
                        .sorted()
                        .toList();
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
