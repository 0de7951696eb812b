package dev.redisreplication.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void namesTheCauseAndNotTheCall() {
        assertThat(Causes.plain(new ConnectException("finishConnect(..) failed with error(-111): Connection refused")))
                .isEqualTo("Connection refused");
        assertThat(Causes.plain(new ConnectException(
                        "connect(..) failed with error(-101): Network is unreachable: /192.0.2.1:6379")))
                .isEqualTo("Network is unreachable");
        assertThat(Causes.plain(new ConnectException("Connection refused: /127.0.0.1:1")))
                .isEqualTo("Connection refused");
        assertThat(Causes.plain(new BindException("bind(..) failed: Cannot assign requested address")))
                .isEqualTo("Cannot assign requested address");
        assertThat(Causes.plain(new ConnectTimeoutException("connection timed out after 1000 ms: /127.0.0.1:1")))
                .isEqualTo("Connection timed out");
        assertThat(Causes.plain(new NoRouteToHostException())).isEqualTo("No route to host");
        assertThat(Causes.plain(new IOException(new ConnectException()))).isNotBlank();
        assertThat(Causes.plain(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
