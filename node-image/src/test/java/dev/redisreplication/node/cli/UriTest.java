package dev.redisreplication.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UriTest {
    @Test
    void everyPartMayLack() {
        assertThat(Uri.of("redis://")).isEqualTo(new Uri(false, null, null, null, -1, -1));
        assertThat(Uri.of("REDISS://host")).isEqualTo(new Uri(true, null, null, "host", -1, -1));
        assertThat(Uri.of("redis://:7000/")).isEqualTo(new Uri(false, null, null, "", 7000, -1));
        assertThat(Uri.of("redis://secret@/3")).isEqualTo(new Uri(false, null, "secret", null, -1, 3));
        assertThat(Uri.of("redis://u%3Aser:p%40@[::1]:7000/3x"))
                .isEqualTo(new Uri(false, "u:ser", "p@", "::1", 7000, 3));
        assertThat(Uri.of("redis://[fe80::2]")).isEqualTo(new Uri(false, null, null, "fe80::2", -1, -1));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> Uri.of("http://host")).hasMessage("Invalid URI scheme");
        assertThatThrownBy(() -> Uri.of("redis://a%4@host")).hasMessage("Incomplete URI encoding");
        assertThatThrownBy(() -> Uri.of("redis://a%zz@host")).hasMessage("Illegal character in URI encoding");
    }
}
