package dev.redisreplication.node.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommandEncoderTest {
    @Test
    void argumentsOfEveryKindAreBulks() {
        try (NativeBuffer out = new NativeBuffer(1);
                NativeBuffer bytes = new NativeBuffer(8)) {
            bytes.put("ab");
            CommandEncoder.begin(out, 4);
            CommandEncoder.arg(out, "SET");
            CommandEncoder.arg(out, new byte[] {(byte) 0xff, '\r', '\n'});
            CommandEncoder.arg(out, -12);
            CommandEncoder.arg(out, bytes.address(), bytes.readable());
            assertThat(new String(Ascii.bytes(out.address(), out.readable()), StandardCharsets.ISO_8859_1))
                    .isEqualTo("*4\r\n$3\r\nSET\r\n$3\r\n\u00ff\r\n\r\n$3\r\n-12\r\n$2\r\nab\r\n");
        }
    }

    @Test
    void wordsMakeACommand() {
        assertThat(CommandEncoder.command("SELECT", "10")).asString().isEqualTo("*2\r\n$6\r\nSELECT\r\n$2\r\n10\r\n");
    }
}
