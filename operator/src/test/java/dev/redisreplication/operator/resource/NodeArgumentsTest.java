package dev.redisreplication.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NodeArgumentsTest {

    @Test
    void splitsAtBlanksExceptWithinQuotes() {
        assertThat(NodeArguments.split("900 1")).containsExactly("900", "1");
        assertThat(NodeArguments.split("  one   two ")).containsExactly("one", "two");
        assertThat(NodeArguments.split("\"a b\" c'd e'f")).containsExactly("a b", "cd ef");
    }

    @Test
    void emptyValueIsOneEmptyArgument() {
        assertThat(NodeArguments.split("")).containsExactly("");
        assertThat(NodeArguments.split("\"\"")).containsExactly("");
    }

    @Test
    void openQuoteIsRefused() {
        assertThatThrownBy(() -> NodeArguments.split("\"a")).hasMessageContaining("a quote is not closed");
    }
}
