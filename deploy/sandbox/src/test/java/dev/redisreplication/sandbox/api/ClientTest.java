package dev.redisreplication.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API server through Fabric8's client, which is what the operator uses. */
class ClientTest {
    private static final ResourceDefinitionContext GROUPS = new ResourceDefinitionContext.Builder()
            .withGroup("redis-replication.dev")
            .withVersion("v1alpha1")
            .withKind("RedisReplicationGroup")
            .withPlural("redisreplicationgroups")
            .withNamespaced(true)
            .build();

    private TestApi server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = new TestApi();
        client = server.client();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private static ConfigMap configMap(String name, String key, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("app", name)
                .endMetadata()
                .addToData(key, value)
                .build();
    }

    private static GenericKubernetesResource group(String name, Map<String, Object> spec) {
        GenericKubernetesResource group = new GenericKubernetesResource();
        group.setApiVersion("redis-replication.dev/v1alpha1");
        group.setKind("RedisReplicationGroup");
        group.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace("default").build());
        group.setAdditionalProperty("spec", spec);
        return group;
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            groups() {
        return client.genericKubernetesResources(GROUPS);
    }

    @Test
    void createsReadsUpdatesAndDeletes() {
        ConfigMap created = client.resource(configMap("a", "k", "1")).create();
        assertThat(created.getMetadata().getUid()).isNotEmpty();
        assertThat(created.getMetadata().getCreationTimestamp()).isNotEmpty();
        assertThatThrownBy(() -> client.resource(configMap("a", "k", "1")).create())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));

        ConfigMap edited = client.configMaps().withName("a").edit(c -> {
            c.getData().put("k", "2");
            return c;
        });
        assertThat(edited.getData()).containsEntry("k", "2");
        assertThat(client.configMaps().withLabel("app", "a").list().getItems()).hasSize(1);
        assertThat(client.configMaps().withLabel("app", "b").list().getItems()).isEmpty();

        client.configMaps().withName("a").delete();
        assertThat(client.configMaps().withName("a").get()).isNull();
    }

    @Test
    void refusesWhatWasReadBeforeSomebodyElsesWrite() {
        ConfigMap old = client.resource(configMap("a", "k", "1")).create();
        client.configMaps()
                .withName("a")
                .edit(c -> new ConfigMapBuilder(c).addToData("x", "y").build());
        old.getData().put("k", "mine");
        assertThatThrownBy(() -> client.resource(old).update())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("the object has been modified; please apply your changes to the latest version");
    }

    @Test
    void aWriteThatChangesNothingIsNone() {
        ConfigMap first = client.resource(configMap("a", "k", "1")).create();
        ConfigMap second = client.configMaps()
                .withName("a")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"k\":\"1\"}}");
        assertThat(second.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void understandsAllKindsOfPatch() {
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("s")
                        .withNamespace("default")
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("one")
                        .withPort(1)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        Service strategic = client.services()
                .withName("s")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"spec\":{\"ports\":[{\"name\":\"two\",\"port\":2}]}}");
        assertThat(strategic.getSpec().getPorts()).extracting("port").containsExactly(1, 2);
        Service json = client.services()
                .withName("s")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"test\",\"path\":\"/spec/ports/1/port\",\"value\":2},"
                                + "{\"op\":\"remove\",\"path\":\"/spec/ports/0\"}]");
        assertThat(json.getSpec().getPorts()).extracting("port").containsExactly(2);
        Service merged = client.services()
                .withName("s")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        assertThat(merged.getMetadata().getLabels()).containsEntry("a", "b");
        assertThat(merged.getSpec().getClusterIP()).startsWith("127.");
    }

    @Test
    void aPatchForAnEarlierLifeOfTheNameIsRefused() {
        client.resource(configMap("a", "k", "1")).create();
        assertThatThrownBy(() -> client.configMaps()
                        .withName("a")
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"metadata\":{\"uid\":\"other\",\"labels\":{\"a\":\"b\"}}}"))
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
    }

    @Test
    void onlyTheSpecCountsGenerations() {
        GenericKubernetesResource created =
                groups().resource(group("g", Map.of("replicas", 3))).create();
        assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
        created.setAdditionalProperty("status", Map.of("phase", "Ready"));
        GenericKubernetesResource withStatus = groups().resource(created).updateStatus();
        assertThat(withStatus.<String>get("status", "phase")).isEqualTo("Ready");
        assertThat(withStatus.getMetadata().getGeneration()).isEqualTo(1);

        withStatus.setAdditionalProperty("spec", Map.of("replicas", 5));
        withStatus.setAdditionalProperty("status", Map.of("phase", "Lost"));
        GenericKubernetesResource updated = groups().resource(withStatus).update();
        assertThat(updated.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(updated.<String>get("status", "phase")).isEqualTo("Ready");
        assertThat(updated.<Integer>get("spec", "replicas")).isEqualTo(5);
    }

    @Test
    void refusesInvalidResourcesNamingTheField() {
        assertThatThrownBy(() ->
                        groups().resource(group("g", Map.of("replicas", 10))).create())
                .hasMessageContaining("spec.replicas: Invalid value: 10: spec.replicas in body should be less than or"
                        + " equal to 9");
        assertThatThrownBy(() -> groups().resource(group("g", Map.of("replicas", "three")))
                        .create())
                .hasMessageContaining("spec.replicas in body must be of type integer: \"string\"");
        assertThatThrownBy(() -> groups().resource(group("g", Map.of("persistence", Map.of("mode", "Sometimes"))))
                        .create())
                .hasMessageContaining(
                        "spec.persistence.mode: Unsupported value: \"Sometimes\": supported values: \"AppendOnly\","
                                + " \"None\"");
        assertThatThrownBy(() -> groups().resource(group("g", Map.of("config", Map.of("port", "1"))))
                        .create())
                .hasMessageContaining("spec.config: the operator sets this itself: port");
        for (String lines : List.of("default on nopass", "app on\n 'default' off", "\"default\"")) {
            assertThatThrownBy(() -> groups().resource(group("g", Map.of("config", Map.of("user", lines))))
                            .create())
                    .hasMessageContaining(
                            "spec.config: user default: the operator and the replicas log in as this user");
        }
        groups().resource(group("g", Map.of("config", Map.of("user", "default2 on\nnodefault off ~default"))))
                .create();
    }

    @Test
    void watchesTellWhatASelectorSees() {
        List<String> seen = new CopyOnWriteArrayList<>();
        client.resource(configMap("a", "k", "1")).create();
        try (var watch = client.configMaps().withLabel("app", "a").watch(new Watcher<ConfigMap>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed");
            }
        })) {
            client.resource(configMap("b", "k", "1")).create();
            client.configMaps().withName("a").edit(c -> {
                c.getMetadata().getLabels().put("app", "other");
                return c;
            });
            await().until(() -> seen.contains("DELETED a"));
            assertThat(seen).containsExactly("ADDED a", "DELETED a");
        }
    }

    @Test
    void aWatchFromAForgottenVersionIsGone() {
        client.resource(configMap("a", "k", "1")).create();
        for (int i = 0; i < 2100; i++) {
            String value = Integer.toString(i);
            server.api.edit(server.api.type("configmaps"), "default", "a", "", WriteOptions.of("t"), map -> {
                map.putObject("data").put("k", value);
                return map;
            });
        }
        List<String> seen = new CopyOnWriteArrayList<>();
        Watcher<ConfigMap> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action.name());
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add(cause.isHttpGone() ? "gone" : cause.toString());
            }
        };
        try (var watch = client.configMaps()
                .watch(new ListOptionsBuilder().withResourceVersion("2").build(), watcher)) {
            await().until(() -> seen.contains("gone"));
        }
    }

    @Test
    void informersFollow() {
        client.resource(configMap("a", "k", "1")).create();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps().inform()) {
            assertThat(informer.getStore().list()).hasSize(1);
            client.resource(configMap("b", "k", "1")).create();
            await().until(() -> informer.getStore().list().size() == 2);
            client.configMaps().withName("a").delete();
            await().until(() -> informer.getStore().list().size() == 1);
        }
    }

    @Test
    void finalizersHoldTheEndBack() {
        ConfigMap map = configMap("a", "k", "1");
        map.getMetadata().setFinalizers(List.of("example.org/wait"));
        client.resource(map).create();
        client.configMaps().withName("a").delete();
        assertThat(client.configMaps().withName("a").get().getMetadata().getDeletionTimestamp())
                .isNotNull();
        client.configMaps().withName("a").edit(c -> {
            c.getMetadata().setFinalizers(List.of());
            return c;
        });
        assertThat(client.configMaps().withName("a").get()).isNull();
    }

    @Test
    void secretsAreEncoded() {
        Secret secret = client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("s")
                        .withNamespace("default")
                        .endMetadata()
                        .addToStringData("password", "x")
                        .build())
                .create();
        assertThat(secret.getData()).containsEntry("password", "eA==");
        assertThat(secret.getType()).isEqualTo("Opaque");
    }

    @Test
    void appliersShareAnObjectAndFightOverAField() {
        PatchContext one = apply("one", false);
        PatchContext two = apply("two", false);
        client.resource(configMap("a", "k", "1")).patch(one);
        ConfigMap shared = client.resource(configMap("a", "l", "2")).patch(two);
        assertThat(shared.getData()).containsEntry("k", "1").containsEntry("l", "2");

        assertThatThrownBy(() -> client.resource(configMap("a", "k", "other")).patch(two))
                .hasMessageContaining("Apply failed with 1 conflict: conflict with \"one\" using v1: .data.k");
        ConfigMap forced = client.resource(configMap("a", "k", "other")).patch(apply("two", true));
        assertThat(forced.getData()).isEqualTo(Map.of("k", "other"));
        assertThat(fields(forced, "one")).doesNotContain("f:k");
        assertThat(fields(forced, "two")).contains("f:k");
        // What its only owner names no more is gone; what is owned by another stays.
        ConfigMap left = client.resource(new ConfigMapBuilder(configMap("a", "m", "3")).build())
                .patch(apply("two", true));
        assertThat(left.getData()).isEqualTo(Map.of("m", "3"));
    }

    @Test
    void anUpdateTakesFieldsFromAnApplier() {
        client.resource(configMap("a", "k", "1")).patch(apply("one", false));
        ConfigMap edited = client.configMaps().withName("a").edit(c -> {
            c.getData().put("k", "2");
            return c;
        });
        assertThat(fields(edited, "one")).doesNotContain("f:k").contains("f:app");
        assertThat(edited.getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getOperation)
                .contains("Apply", "Update");
    }

    private static PatchContext apply(String manager, boolean force) {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build();
    }

    private static String fields(ConfigMap map, String manager) {
        return map.getMetadata().getManagedFields().stream()
                .filter(e -> e.getManager().equals(manager))
                .map(e -> String.valueOf(e.getFieldsV1().getAdditionalProperties()))
                .findFirst()
                .orElse("");
    }
}
