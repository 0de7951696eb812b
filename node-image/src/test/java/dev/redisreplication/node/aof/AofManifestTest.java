package dev.redisreplication.node.aof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.aof.AofManifest.Part;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.history.Position;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AofManifestTest {
    @Test
    void asRedisWritesIt() throws IOException {
        AofManifest manifest = AofManifest.parse("""
                file appendonly.aof.2.base.rdb seq 2 type b
                file appendonly.aof.1.incr.aof seq 1 type h
                file appendonly.aof.4.incr.aof seq 4 type i
                file appendonly.aof.5.incr.aof seq 5 type i
                """);
        assertThat(manifest.base()).isEqualTo(new Part("appendonly.aof.2.base.rdb", 2));
        assertThat(manifest.increments()).extracting(Part::sequence).containsExactly(4L, 5L);
        assertThat(manifest.lastBase()).isEqualTo(2);
        assertThat(manifest.lastIncrement()).isEqualTo(5);
        assertThat(manifest.history()).containsExactly(new Part("appendonly.aof.1.incr.aof", 1));
        assertThat(AofManifest.parse(manifest.text())).isEqualTo(manifest);
    }

    @Test
    void namesAreQuotedAsRedisDoes() throws IOException {
        assertThat(AofManifest.quoted("appendonly.aof.1.incr.aof")).isEqualTo("appendonly.aof.1.incr.aof");
        assertThat(AofManifest.quoted("my file.aof")).isEqualTo("\"my file.aof\"");
        assertThat(AofManifest.quoted("a\"b\\c\n'ü")).isEqualTo("\"a\\\"b\\\\c\\n'\\xc3\\xbc\"");
        for (String name : List.of("my file.aof", "a\"b\n'c", "grün", " ", "#1")) {
            AofManifest manifest = new AofManifest(new Part(name, 1), List.of(), List.of(new Part(name + "2", 1)));
            assertThat(AofManifest.parse(manifest.text())).isEqualTo(manifest);
        }
    }

    @Test
    void nonsenseNamesItsLine() {
        for (String text :
                List.of("file a seq x type b", "file a seq 1", "file ../a seq 1 type b", "file a seq 1 type z")) {
            assertThatThrownBy(() -> AofManifest.parse("# a comment\n" + text + "\n"))
                    .as(text)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("line 2");
        }
    }

    @Test
    void positionsComeBackFromAnnotationsAndFacts() {
        Position position = new Position(History.fresh().shifted(History.randomId(), 70), 99, 3);
        assertThat(Position.ofAnnotation(position.annotation(), 3)).isEqualTo(position);
        assertThat(Position.of(position.facts())).isEqualTo(position);
        assertThat(Position.ofAnnotation("#TS:1700000000", 0)).isNull();
        assertThat(Position.of(java.util.Map.of("repl-id", "x", "repl-offset", "1")))
                .isNull();
    }
}
