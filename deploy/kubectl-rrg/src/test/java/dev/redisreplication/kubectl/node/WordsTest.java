package dev.redisreplication.kubectl.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void aLineIsTakenAsRedisCliTakesIt() {
        assertThat(Words.of("  set  a 'b c' ")).containsExactly("set", "a", "b c");
        assertThat(Words.of("set \"a\\tb\\\"c\\n\" 'it\\'s \\n'")).containsExactly("set", "a\tb\"c\n", "it's \\n");
        assertThat(Words.of("set '' \"\"")).containsExactly("set", "", "");
        assertThat(Words.of("")).isEmpty();
        assertThat(Words.of("set 'a")).isNull();
        assertThat(Words.of("set \"a\\\"")).isNull();
    }

    @Test
    void bytesAreShownAsRedisCliShowsThem() {
        assertThat(Words.quoted("a\"b\\c\n\u0000\u00e4")).isEqualTo("\"a\\\"b\\\\c\\n\\x00\\xe4\"");
    }
}
