package dev.redisreplication.node.replication;

import dev.redisreplication.node.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A replica's side of the handshake, up to the reply to PSYNC: lines of the master in, {@link Step}s out. The order is
 * that of Redis 7: PING, then AUTH and all REPLCONF at once, then PSYNC.
 */
public final class MasterHandshake {
    /**
     * What the replica says about itself.
     *
     * @param user user for AUTH, or empty for the default one
     * @param passwords passwords that the master may take, all of which are tried; none if it needs none
     * @param port port that clients reach this node at
     * @param announceIp address to announce, empty for the one the master sees
     * @param term term of a managed node, or -1
     * @param runId identity of this run of a managed node
     * @param replid history to go on with, or null to ask for everything
     * @param nextByte number of the next byte wanted, counted from 1
     */
    public record Self(
            String user,
            List<String> passwords,
            int port,
            String announceIp,
            long term,
            String runId,
            String replid,
            long nextByte) {}

    /** What to do next. */
    public sealed interface Step {
        /** Send these commands in one go. */
        record Send(List<List<String>> commands) implements Step {}

        /** The link is of no use; close it and try again later. */
        record Abort(String reason) implements Step {}

        /** A dump follows; the stream starts after this offset. */
        record Full(String replid, long offset) implements Step {}

        /** The stream follows from where it ended, under this name, or the one known when null. */
        record Continue(String replid) implements Step {}

        /** Nothing as yet. */
        record Wait() implements Step {}
    }

    private enum Expect {
        PONG,
        AUTH,
        REPLCONF,
        TERM,
        PSYNC
    }

    private static final Step WAIT = new Step.Wait();

    private final Self self;
    private final List<Expect> expected = new ArrayList<>();
    private boolean letIn;

    /** A handshake on a fresh connection. */
    public MasterHandshake(Self self) {
        this.self = self;
    }

    /** The connection stands. */
    public Step connected() {
        expected.add(Expect.PONG);
        return new Step.Send(List.of(List.of("PING")));
    }

    /** A line of the master arrived, without its line end. */
    public Step line(String line) {
        if (line.isEmpty()) {
            return WAIT; // a sign of life while the master prepares the dump
        }
        if (expected.isEmpty()) {
            return new Step.Abort("the master sent '" + shortened(line) + "' unasked");
        }
        Expect now = expected.getFirst();
        expected.removeFirst();
        return switch (now) {
            case PONG -> pong(line);
            case AUTH -> auth(line);
            case TERM -> line.startsWith("-") ? new Step.Abort("the master refused: " + shortened(line)) : afterReply();
            case REPLCONF -> afterReply(); // an old master may not know an option; Redis goes on, too
            case PSYNC -> psync(line);
        };
    }

    private Step pong(String line) {
        boolean alive = line.startsWith("+")
                || line.startsWith("-NOAUTH")
                || line.startsWith("-NOPERM")
                || line.startsWith("-ERR operation not permitted");
        if (!alive) {
            return new Step.Abort("the master answered PING with '" + shortened(line) + "'");
        }
        List<List<String>> commands = new ArrayList<>();
        for (String password : self.passwords) {
            commands.add(self.user.isEmpty() ? List.of("AUTH", password) : List.of("AUTH", self.user, password));
            expected.add(Expect.AUTH);
        }
        commands.add(List.of("REPLCONF", "listening-port", Integer.toString(self.port)));
        expected.add(Expect.REPLCONF);
        if (!self.announceIp.isEmpty()) {
            commands.add(List.of("REPLCONF", "ip-address", self.announceIp));
            expected.add(Expect.REPLCONF);
        }
        commands.add(List.of("REPLCONF", "capa", "eof", "capa", "psync2"));
        expected.add(Expect.REPLCONF);
        if (self.term >= 0) {
            commands.add(List.of("REPLCONF", "term", Long.toString(self.term), "run-id", self.runId));
            expected.add(Expect.TERM);
        }
        return new Step.Send(commands);
    }

    /** A refused AUTH leaves the connection as it was, so one that is taken is enough. */
    private Step auth(String line) {
        letIn |= !line.startsWith("-");
        if (!letIn && !expected.contains(Expect.AUTH)) {
            return new Step.Abort("AUTH was refused: " + shortened(line));
        }
        return afterReply();
    }

    private Step afterReply() {
        if (!expected.isEmpty()) {
            return WAIT;
        }
        expected.add(Expect.PSYNC);
        List<String> psync = self.replid == null
                ? List.of("PSYNC", "?", "-1")
                : List.of("PSYNC", self.replid, Long.toString(self.nextByte));
        return new Step.Send(List.of(psync));
    }

    private Step psync(String line) {
        String[] words = line.trim().split(" +", -1);
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "+FULLRESYNC" -> {
                if (words.length != 3 || !History.isId(words[1]) || !words[2].matches("\\d{1,18}")) {
                    yield new Step.Abort("the master's reply '" + shortened(line) + "' is no FULLRESYNC id offset");
                }
                yield new Step.Full(words[1], Long.parseLong(words[2]));
            }
            case "+CONTINUE" -> {
                if (self.replid == null || (words.length > 1 && !History.isId(words[1]))) {
                    yield new Step.Abort("the master's reply '" + shortened(line) + "' does not fit what was asked");
                }
                yield new Step.Continue(words.length > 1 ? words[1] : null);
            }
            default -> new Step.Abort("the master answered PSYNC with '" + shortened(line) + "'");
        };
    }

    private static String shortened(String line) {
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
