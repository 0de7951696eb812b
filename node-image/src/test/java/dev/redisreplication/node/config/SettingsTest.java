package dev.redisreplication.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values are parsed when they are set, and readers see their types. */
class SettingsTest {
    private final NodeSettings settings = new NodeSettings();

    @Test
    void defaultsAreParsed() {
        assertThat(settings.get(Directives.PORT)).isEqualTo(6379);
        assertThat(settings.get(Directives.APPENDFSYNC)).isEqualTo(Fsync.EVERYSEC);
        assertThat(settings.get(Directives.REPLICAOF)).isNull();
        assertThat(settings.get(Directives.BIND)).containsExactly("*", "-::*");
        assertThat(settings.get(Directives.SAVE).rules()).hasSize(3);
    }

    @Test
    void whatIsSetAtTheStartIsParsed() throws Exception {
        settings.set("replicaof", List.of("10.0.0.1", "6380"));
        settings.set("unixsocketperm", List.of("770"));
        settings.set("maxmemory-clients", List.of("5%"));
        assertThat(settings.get(Directives.REPLICAOF)).isEqualTo(new MasterAddress("10.0.0.1", 6380));
        assertThat(settings.get(Directives.UNIXSOCKETPERM)).isEqualTo(0770);
        assertThat(settings.get(Directives.MAXMEMORY_CLIENTS).of(2000)).isEqualTo(100);
        assertThatThrownBy(() -> settings.set("replicaof", List.of("10.0.0.1", "99999")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Invalid master port");
        assertThat(settings.get(Directives.REPLICAOF)).isEqualTo(new MasterAddress("10.0.0.1", 6380));
    }

    @Test
    void limitsOfOneClassLeaveTheOthers() {
        String before = settings.text(Directives.CLIENT_OUTPUT_BUFFER_LIMIT);
        assertThat(settings.change(Map.of("client-output-buffer-limit", "replica 256mb 64mb 60 normal 1 2 3")))
                .isNull();
        OutputLimits limits = settings.get(Directives.CLIENT_OUTPUT_BUFFER_LIMIT);
        assertThat(limits.replica()).isEqualTo(new OutputLimit(256L << 20, 64L << 20, 60_000));
        assertThat(limits.normal()).isEqualTo(new OutputLimit(1, 2, 3000));
        assertThat(limits.pubSub()).isEqualTo(new OutputLimit(32 << 20, 8 << 20, 60_000));
        assertThat(settings.text(Directives.CLIENT_OUTPUT_BUFFER_LIMIT))
                .isEqualTo(before.replace("normal 0 0 0", "normal 1 2 3"));
        assertThat(settings.change(Map.of("client-output-buffer-limit", "pubsub 1 -2 3")))
                .endsWith("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
        assertThat(settings.change(Map.of("client-output-buffer-limit", "others 1 2 3")))
                .endsWith("Invalid client class specified in buffer limit configuration.");
    }

    @Test
    void followersHearTheValueOfNowAndEachNewOne() {
        List<Long> heard = new ArrayList<>();
        settings.follow(Directives.TIMEOUT, heard::add);
        assertThat(settings.change(Map.of("TimeOut", "7"))).isNull();
        assertThat(settings.change(Map.of("timeout", "x"))).isNotNull();
        assertThat(heard).containsExactly(0L, 7L);
    }

    @Test
    void whatNobodyReadsIsWithoutEffectOrRefused() {
        DirectiveTable unread = new DirectiveTable();
        unread.readUnread();
        assertThat(unread.all())
                .as("directives that are read are declared in Directives, not in directives.tsv")
                .allMatch(d -> d.inert() || d.refusal() != null);
    }
}
