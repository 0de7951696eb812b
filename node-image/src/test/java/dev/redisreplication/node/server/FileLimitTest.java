package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.config.NodeSettings;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileLimitTest {
    @Test
    void lowersMaxclientsToWhatThereAreDescriptorsFor() throws Exception {
        NodeSettings settings = Server.settings();
        FileLimit.apply(settings, 120, 50);
        assertThat(settings.get(Directives.MAXCLIENTS)).isEqualTo(70);
        assertThat(settings.change(Map.of("maxclients", "71")))
                .isEqualTo("ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating system is"
                        + " not able to handle the specified number of clients, try with 70");
        assertThat(settings.change(Map.of("maxclients", "60"))).isNull();
    }

    @Test
    void leavesWhatIsPossibleAsItIs() throws Exception {
        NodeSettings settings = Server.settings();
        FileLimit.apply(settings, 10_050, 50);
        assertThat(settings.get(Directives.MAXCLIENTS)).isEqualTo(10_000);
    }

    @Test
    void doesNotStartWithoutRoomForAClient() throws Exception {
        NodeSettings settings = Server.settings();
        assertThatThrownBy(() -> FileLimit.apply(settings, 50, 50))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ulimit -n");
    }
}
