package dev.redisreplication.node.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.replication.MasterHandshake.Self;
import dev.redisreplication.node.replication.MasterHandshake.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterHandshakeTest {
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";

    private static Self self(String password, long term, String replid) {
        return new Self(
                "", password.isEmpty() ? List.of() : List.of(password), 6379, "", term, "run", replid, 101, false);
    }

    private static MasterHandshake atPsync(Self self) {
        MasterHandshake handshake = new MasterHandshake(self);
        handshake.connected();
        handshake.line("+PONG");
        handshake.line("+OK");
        handshake.line("+OK");
        return handshake;
    }

    @Test
    void inTheOrderOfRedis() {
        MasterHandshake handshake = new MasterHandshake(self("secret", -1, ID));
        assertThat(handshake.connected()).isEqualTo(new Step.Send(List.of(List.of("PING"))));
        assertThat(handshake.line("-NOAUTH Authentication required."))
                .isEqualTo(new Step.Send(List.of(
                        List.of("AUTH", "secret"),
                        List.of("REPLCONF", "listening-port", "6379"),
                        List.of("REPLCONF", "capa", "eof", "capa", "psync2"))));
        assertThat(handshake.line("+OK")).isEqualTo(new Step.Wait());
        assertThat(handshake.line("-ERR unknown option")).isEqualTo(new Step.Wait());
        assertThat(handshake.line("+OK")).isEqualTo(new Step.Send(List.of(List.of("PSYNC", ID, "101"))));
        assertThat(handshake.line("")).isEqualTo(new Step.Wait());
        assertThat(handshake.line("+FULLRESYNC " + ID + " 42")).isEqualTo(new Step.Full(ID, 42));
    }

    @Test
    void onePasswordThatTheMasterTakesIsEnough() {
        Self self = new Self("", List.of("new", "old"), 6379, "", -1, "run", ID, 101, false);
        for (List<String> replies : List.of(List.of("+OK", "-WRONGPASS"), List.of("-WRONGPASS", "+OK"))) {
            MasterHandshake handshake = new MasterHandshake(self);
            handshake.connected();
            assertThat(handshake.line("+PONG")).asString().contains("[AUTH, new], [AUTH, old]");
            replies.forEach(reply -> assertThat(handshake.line(reply)).isEqualTo(new Step.Wait()));
            handshake.line("+OK");
            assertThat(handshake.line("+OK")).isEqualTo(new Step.Send(List.of(List.of("PSYNC", ID, "101"))));
        }
        MasterHandshake refused = new MasterHandshake(self);
        refused.connected();
        refused.line("+PONG");
        assertThat(refused.line("-WRONGPASS")).isEqualTo(new Step.Wait());
        assertThat(refused.line("-WRONGPASS")).isInstanceOf(Step.Abort.class);
    }

    @Test
    void partialResync() {
        assertThat(atPsync(self("", -1, ID)).line("+CONTINUE")).isEqualTo(new Step.Continue(null));
        assertThat(atPsync(self("", -1, ID)).line("+CONTINUE " + ID)).isEqualTo(new Step.Continue(ID));
        assertThat(atPsync(self("", -1, null)).line("+CONTINUE " + ID))
                .as("nothing to go on from")
                .isInstanceOf(Step.Abort.class);
    }

    @Test
    void refusalsEndIt() {
        MasterHandshake wrongPassword = new MasterHandshake(self("secret", -1, null));
        wrongPassword.connected();
        wrongPassword.line("+PONG");
        assertThat(wrongPassword.line("-WRONGPASS")).isInstanceOf(Step.Abort.class);

        MasterHandshake otherTerm = new MasterHandshake(self("", 5, null));
        otherTerm.connected();
        otherTerm.line("+PONG");
        otherTerm.line("+OK");
        otherTerm.line("+OK");
        assertThat(otherTerm.line("-STALETERM current is 6")).isInstanceOf(Step.Abort.class);

        MasterHandshake loading = new MasterHandshake(self("", -1, null));
        loading.connected();
        assertThat(loading.line("-LOADING Redis is loading")).isInstanceOf(Step.Abort.class);

        for (String nonsense : List.of("+FULLRESYNC x 1", "+FULLRESYNC " + ID, "+FULLRESYNC " + ID + " -4")) {
            assertThat(atPsync(self("", -1, ID)).line(nonsense)).as(nonsense).isInstanceOf(Step.Abort.class);
        }
    }

    @Test
    void aMasterThatCannotServeNowIsAskedLater() {
        for (String later : List.of("-NOMASTERLINK Can't SYNC", "-LOADING Redis is loading the dataset in memory")) {
            assertThat(atPsync(self("", -1, ID)).line(later)).as(later).isInstanceOf(Step.Abort.class);
        }
    }

    @Test
    void aMasterWithoutPsyncIsAskedForSync() {
        for (String other : List.of("-ERR unknown command 'PSYNC'", "-NOPERM this user has no permissions", "+OK")) {
            assertThat(atPsync(self("", -1, ID)).line(other)).as(other).isEqualTo(new Step.Legacy());
        }
        MasterHandshake managed = new MasterHandshake(self("", 5, ID));
        managed.connected();
        managed.line("+PONG");
        managed.line("+OK");
        managed.line("+OK");
        managed.line("+OK");
        assertThat(managed.line("-ERR unknown command 'PSYNC'"))
                .as("a member of a group goes by offsets")
                .isInstanceOf(Step.Abort.class);
    }
}
