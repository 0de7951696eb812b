package dev.redisreplication.node.replication.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStateTest {
    @TempDir
    Path directory;

    @Test
    void keepsTheTerm() throws IOException {
        NodeState state = new NodeState(directory);
        assertThat(state.term()).isZero();
        state.keep(41);
        state.keep(42);
        assertThat(new NodeState(directory).term()).isEqualTo(42);
        assertThat(directory.toFile().list()).containsExactly("node.state");
    }

    @Test
    void keepsTheTermWhenNoFileCanBeMade() throws IOException {
        NodeState state = new NodeState(directory);
        state.prepare();
        state.keep(999_999_999_999_999_999L);
        // As on a full disk: the new file cannot be written.
        Files.createDirectory(directory.resolve("node.state.new"));
        state.keep(1_000_000_000);
        assertThat(new NodeState(directory).term()).isEqualTo(1_000_000_000);
        Files.delete(directory.resolve("node.state"));
        assertThatThrownBy(() -> state.keep(1_000_000_001)).isInstanceOf(IOException.class);
    }

    @Test
    void readsWhatEarlierVersionsWrote() throws IOException {
        Files.writeString(directory.resolve("node.state"), "term 7\n");
        NodeState state = new NodeState(directory);
        state.prepare();
        assertThat(state.term()).isEqualTo(7);
    }

    @Test
    void guessesNothing() throws IOException {
        Files.writeString(directory.resolve("node.state"), "term x\n");
        assertThatThrownBy(() -> new NodeState(directory).term()).isInstanceOf(IOException.class);
    }
}
