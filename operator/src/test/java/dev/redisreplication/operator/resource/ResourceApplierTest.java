package dev.redisreplication.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceApplierTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static boolean holds(String desired, String actual) throws Exception {
        return Subset.holds(JSON.readTree(desired), JSON.readTree(actual));
    }

    @Test
    void whatOthersAddDoesNotMatter() throws Exception {
        assertThat(holds("{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1,\"c\":2},\"d\":3}"))
                .isTrue();
        assertThat(holds("{\"list\":[{\"a\":1}]}", "{\"list\":[{\"a\":1,\"default\":true}]}"))
                .isTrue();
    }

    @Test
    void aChangedOrMissingFieldIsDrift() throws Exception {
        assertThat(holds("{\"a\":1}", "{\"a\":2}")).isFalse();
        assertThat(holds("{\"a\":1}", "{}")).isFalse();
        assertThat(holds("{\"list\":[1]}", "{\"list\":[1,2]}")).isFalse();
    }

    @Test
    void equalQuantitiesAreNoDrift() throws Exception {
        assertThat(holds("{\"cpu\":\"1000m\",\"memory\":\"1024Mi\"}", "{\"cpu\":\"1\",\"memory\":\"1Gi\"}"))
                .isTrue();
        assertThat(holds("{\"cpu\":\"1000m\"}", "{\"cpu\":\"2\"}")).isFalse();
    }

    @Test
    void emptyObjectsMayBeLeftOut() throws Exception {
        assertThat(holds("{\"a\":{}}", "{}")).isTrue();
    }

    @Test
    void fingerprintTellsWhatIsWanted() {
        var one = new ServiceBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .build();
        var two = new ServiceBuilder(one)
                .withNewSpec()
                .withType("ClusterIP")
                .endSpec()
                .build();
        JsonNode first = JSON.valueToTree(ResourceApplier.fingerprinted(one));
        assertThat(first).isEqualTo(JSON.valueToTree(ResourceApplier.fingerprinted(one)));
        Map<String, String> annotations =
                ResourceApplier.fingerprinted(two).getMetadata().getAnnotations();
        assertThat(annotations)
                .isNotEqualTo(ResourceApplier.fingerprinted(one).getMetadata().getAnnotations());
    }
}
