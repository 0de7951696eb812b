package dev.redisreplication.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"default on nopass", "app on\n default off", "app on\n'def'ault off", "\"default\""})
    void theDefaultUserIsTheOperators(String lines) throws Exception {
        assertThat(problem("user", lines))
                .startsWith("spec.config: user default: the operator and the replicas log in as");
    }

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
                "save | '\"900 1' | spec.config: a quote is not closed: \"900 1",
                "aclfile | users.acl | spec.config: this could shut out the operator, the replicas or the clients: aclfile",
                "rename-command | INFO '' | spec.config: this could shut out the operator, the replicas or the clients: rename-command",
                "shutdown-on-sigterm | now | spec.config: the operator relies on the default of this: shutdown-on-sigterm",
                "maxclients | 31 | 'spec.config: maxclients: at least 32, so that the operator and the replicas are not shut out'",
                "maxclients | 32 | none",
                "user | app on >secret ~app:* %R~shared:* (+set %W~b) ( +get ~c ) &news +@read -@dangerous +get | none",
                "user | '\napp on nopass ~* +@all\n\n  \"other\" off\n' | none",
                "user | app | none",
                "user | 'app on\napp off' | spec.config: in the flag '--user app off': there is a line for this user already",
                "user | DEFAULT off | none",
                "user | app of | spec.config: user app: 'of' is no rule",
                "user | app on (+get ~a) %X~b | spec.config: user app: '%X~b' is no rule",
                "user | app on #2c26b46b | spec.config: user app: '#...' is no rule",
                "user | '\"a b\" on' | 'spec.config: user ''a b'': a name has no blanks'",
                "user | '' | 'spec.config: user: no user is declared'"
            })
    void theNodesOwnTableDecides(String directive, String value, String problem) throws Exception {
        assertThat(problem(directive, value)).isEqualTo(problem == null ? "" : problem);
    }

    private static String problem(String directive, String value) throws Exception {
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
        return ConfigCheck.problem(GroupModel.of(group, "image"));
    }
}
