package dev.redisreplication.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigCheckTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "maxmemory | 100mb | none",
                "save | 900 1 60 5 | none",
                "save | '' | none",
                "maxmemory-policy | allkeys-lru | none",
                "maxmemory | abc | spec.config: in the flag '--maxmemory abc': argument must be a memory value",
                "nonsense | 1 | spec.config: in the flag '--nonsense 1': Bad directive or wrong number of arguments",
                "activedefrag | yes | spec.config: in the flag '--activedefrag yes': this server does not defragment its memory",
                "notify-keyspace-events | KEA | none",
                "requirepass-file | /x | spec.config: the operator sets this itself: requirepass-file",
                "maxmemory | 100mb \"\"--managed no | spec.config: no argument may start with '--': maxmemory",
                "maxmemory | 100mb '-''-managed' no | spec.config: no argument may start with '--': maxmemory",
                "save | '\"900 1' | spec.config: a quote is not closed: \"900 1"
            })
    void theNodesOwnTableDecides(String directive, String value, String problem) throws Exception {
        RedisReplicationGroup group =
                new ObjectMapper().readValue("{\"spec\":{\"config\":{}}}", RedisReplicationGroup.class);
        group.setMetadata(new ObjectMetaBuilder()
                .withName("g")
                .withNamespace("n")
                .withUid("u")
                .build());
        String spec =
                new ObjectMapper().writeValueAsString(java.util.Map.of("config", java.util.Map.of(directive, value)));
        group.setSpec(
                new ObjectMapper().readValue(spec, dev.redisreplication.api.v1alpha1.RedisReplicationGroupSpec.class));
        assertThat(ConfigCheck.problem(GroupModel.of(group, "image"))).isEqualTo(problem == null ? "" : problem);
    }
}
