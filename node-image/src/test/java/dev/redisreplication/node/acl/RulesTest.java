package dev.redisreplication.node.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
    private static final String FOO = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    private static final CommandTable TABLE = table();

    private static CommandTable table() {
        CommandTable.Builder t = new CommandTable.Builder();
        t.row("get", 2, call -> {}).is(Flag.READONLY, Flag.FAST).in(Category.STRING);
        t.row("set", -3, call -> {}).is(Flag.WRITE).in(Category.STRING);
        t.row("select", 2, call -> {}).is(Flag.FAST).in(Category.CONNECTION);
        CommandRow.Builder config = t.row("config", -2, call -> {}).is(Flag.ADMIN);
        t.sub(config, "get", -3, call -> {});
        t.sub(config, "set", -4, call -> {});
        return t.build();
    }

    private static Rules rules(String... words) throws RuleException {
        RulesBuilder builder = new RulesBuilder(TABLE, false);
        for (String word : words) {
            builder.apply(word);
        }
        return builder.build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "; off resetchannels -@all",
                "on nopass ~* &* +@all; on nopass ~* &* +@all",
                "allkeys allchannels allcommands; off ~* &* +@all",
                "+@all -get +get; off resetchannels +@all +get",
                "-@all +@read -GET +SeT; off resetchannels -@all +@read -get +set",
                "+config|get +config -config|set; off resetchannels -@all +config -config|set",
                "+config|get -config|get; off resetchannels -@all -config|get",
                "+select|0 +select|1 -select; off resetchannels -@all -select",
                "+select|0 +SELECT|x; off resetchannels -@all +select|0 +select|x",
                "~a* %R~b %W~b %R~c &d; off ~a* ~b %R~c resetchannels &d -@all",
                "%R~*; off %R~* resetchannels -@all",
                "+@all -SORT +pfadd -cluster|meet; off resetchannels +@all -sort +pfadd -cluster|meet",
                "~a resetkeys ~b; off ~b resetchannels -@all",
                "&a resetchannels &b; off resetchannels &b -@all",
                "on >foo >foo nopass >foo off; off #" + FOO + " resetchannels -@all",
                "skip-sanitize-payload sanitize-payload; off sanitize-payload resetchannels -@all",
                "+get on reset; off sanitize-payload resetchannels -@all",
            })
    void areWrittenAsTheyWereGiven(String given, String written) throws RuleException {
        assertThat(rules(given == null ? new String[0] : given.split(" ", -1)).describe())
                .isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "+nothing; Unknown command or category name in ACL",
                "-@nothing; Unknown command or category name in ACL",
                "+config|nothing; Unknown command or category name in ACL",
                "-select|0; Unknown command or category name in ACL",
                "+config|get|x; Allowing first-arg of a subcommand is not supported",
                "+select|; Syntax error",
                "whatever; Syntax error",
                "%~a; Syntax error",
                "%RR~a; Syntax error",
                "#12; The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters",
                "<foo; The password you are trying to remove from the user does not exist",
                "(on); Syntax error",
            })
    void haveAReasonWhyTheyAreWrong(String rule, String reason) {
        assertThatThrownBy(() -> rules(rule)).isInstanceOf(RuleException.class).hasMessage(reason);
    }

    @Test
    void aPatternBehindAllOfThemIsAMistake() {
        assertThatThrownBy(() -> rules("~*", "~a")).hasMessageContaining("'allkeys'");
        assertThatThrownBy(() -> rules("&*", "&a")).hasMessageContaining("'allchannels'");
        assertThatThrownBy(() -> rules("~a b")).hasMessage("Syntax error");
    }

    @Test
    void selectorsAreSetsOfTheirOwn() throws RuleException {
        Rules rules = rules("+get", "(+set ~a)", "( %R~b   allchannels )");
        assertThat(rules.describe())
                .isEqualTo("off resetchannels -@all +get (~a resetchannels -@all +set) (%R~b &* -@all)");
        assertThat(rules.isUnrestricted()).isFalse();
        assertThat(rules("(+@all ~* &*)").isUnrestricted()).isTrue();
        RulesBuilder more = new RulesBuilder(TABLE, true, rules);
        more.applyAll("clearselectors");
        assertThat(more.build().describe()).isEqualTo("off resetchannels -@all +get");
    }

    @Test
    void wordsInParenthesesAreOneRule() throws Exception {
        assertThat(RuleWords.rules(List.of("on", "(+get", "~a)", "(+set)", "off")))
                .containsExactly("on", "(+get ~a)", "(+set)", "off");
        assertThatThrownBy(() -> RuleWords.rules(List.of("on", "(+get", "~a"))).hasMessage("(+get");
    }

    @Test
    void passwordsAreTakenByTheirHashWhileTheUserIsOn() throws RuleException {
        Rules one = rules("on", "#" + FOO, ">bar");
        assertThat(one.accepts("foo".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(one.accepts("bar".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(one.accepts("baz".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(rules("on", "nopass").accepts(new byte[0])).isTrue();
        assertThat(rules("off", "nopass").accepts(new byte[0])).isFalse();
        assertThat(rules("on").accepts(new byte[0])).isFalse();
        assertThat(rules(">foo", "!" + FOO).passwords()).isEmpty();
    }
}
