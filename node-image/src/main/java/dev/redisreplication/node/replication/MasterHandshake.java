package dev.redisreplication.node.replication;

import dev.redisreplication.node.history.History;
import dev.redisreplication.node.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A replica's side of the handshake, up to the reply to PSYNC: lines of the master in, {@link Step}s out. The order is
 * that of Redis 7: PING, then AUTH and all REPLCONF at once, then PSYNC, and SYNC for a master that does not know that. What
 * the master says is in the log, in Redis' words.
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
     * @param failover whether the other one, a replica as yet, is to become the master
     */
    public record Self(
            String user,
            List<String> passwords,
            int port,
            String announceIp,
            long term,
            String runId,
            String replid,
            long nextByte,
            boolean failover) {}

    /** What to do next. */
    public sealed interface Step {
        /** Send these commands in one go. */
        record Send(List<List<String>> commands) implements Step {}

        /** The link is of no use; close it and try again later. The log says why already. */
        record Abort(String reason) implements Step {}

        /** The replica that was to become master refuses. */
        record Rejected(String reason) implements Step {}

        /** Send SYNC: a dump follows, and then a stream without offsets. */
        record Legacy() implements Step {}

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

    /** A question that was sent and not answered yet. */
    private record Question(Expect kind, String about) {}

    private static final Step WAIT = new Step.Wait();

    private final Self self;
    private final List<Question> expected = new ArrayList<>();
    private boolean letIn;

    /** A handshake on a fresh connection. */
    public MasterHandshake(Self self) {
        this.self = self;
    }

    /** The connection stands. */
    public Step connected() {
        expect(Expect.PONG, "PING");
        return new Step.Send(List.of(List.of("PING")));
    }

    /** A line of the master arrived, without its line end. */
    public Step line(String line) {
        if (line.isEmpty()) {
            return WAIT; // a sign of life while the master prepares the dump
        }
        if (expected.isEmpty()) {
            return abort("The master sent '" + shortened(line) + "' unasked");
        }
        Question now = expected.removeFirst();
        return switch (now.kind) {
            case PONG -> pong(line);
            case AUTH -> auth(line);
            case TERM -> line.startsWith("-") ? abort("The master refused the term: " + shortened(line)) : afterReply();
            case REPLCONF -> replconf(now.about, line);
            case PSYNC -> psync(line);
        };
    }

    private void expect(Expect kind, String about) {
        expected.add(new Question(kind, about));
    }

    private static Step abort(String reason) {
        Log.warning(reason);
        return new Step.Abort(reason);
    }

    private Step pong(String line) {
        boolean alive = line.startsWith("+")
                || line.startsWith("-NOAUTH")
                || line.startsWith("-NOPERM")
                || line.startsWith("-ERR operation not permitted");
        if (!alive) {
            return abort("Error reply to PING from master: '" + shortened(line) + "'");
        }
        Log.notice("Master replied to PING, replication can continue...");
        List<List<String>> commands = new ArrayList<>();
        for (String password : self.passwords) {
            commands.add(self.user.isEmpty() ? List.of("AUTH", password) : List.of("AUTH", self.user, password));
            expect(Expect.AUTH, "");
        }
        commands.add(List.of("REPLCONF", "listening-port", Integer.toString(self.port)));
        expect(Expect.REPLCONF, "listening-port");
        if (!self.announceIp.isEmpty()) {
            commands.add(List.of("REPLCONF", "ip-address", self.announceIp));
            expect(Expect.REPLCONF, "ip-address");
        }
        commands.add(List.of("REPLCONF", "capa", "eof", "capa", "psync2"));
        expect(Expect.REPLCONF, "capa");
        if (isManaged()) {
            commands.add(List.of("REPLCONF", "term", Long.toString(self.term), "run-id", self.runId));
            expect(Expect.TERM, "term");
        }
        return new Step.Send(commands);
    }

    private boolean isManaged() {
        return self.term >= 0;
    }

    /** A refused AUTH leaves the connection as it was, so one that is taken is enough. */
    private Step auth(String line) {
        letIn |= !line.startsWith("-");
        boolean last = expected.stream().noneMatch(question -> question.kind == Expect.AUTH);
        return letIn || !last ? afterReply() : abort("Unable to AUTH to MASTER: " + shortened(line));
    }

    /** An old master may not know an option; Redis goes on, too. */
    private Step replconf(String option, String line) {
        if (line.startsWith("-")) {
            Log.notice("(Non critical) Master does not understand REPLCONF " + option + ": " + shortened(line));
        }
        return afterReply();
    }

    private Step afterReply() {
        if (!expected.isEmpty()) {
            return WAIT;
        }
        expect(Expect.PSYNC, "");
        if (self.replid == null) {
            Log.notice("Partial resynchronization not possible (no cached master)");
            return new Step.Send(List.of(List.of("PSYNC", "?", "-1")));
        }
        Log.notice("Trying a partial resynchronization (request " + self.replid + ":" + self.nextByte + ").");
        List<String> psync = new ArrayList<>(List.of("PSYNC", self.replid, Long.toString(self.nextByte)));
        if (self.failover) {
            psync.add("FAILOVER");
        }
        return new Step.Send(List.of(psync));
    }

    private Step psync(String line) {
        String[] words = line.trim().split(" +", -1);
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "+FULLRESYNC" -> full(words, line);
            case "+CONTINUE" -> {
                if (self.replid == null || (words.length > 1 && !History.isId(words[1]))) {
                    yield abort("The master's reply '" + shortened(line) + "' does not fit what was asked");
                }
                yield new Step.Continue(words.length > 1 ? words[1] : null);
            }
            case "-NOMASTERLINK", "-LOADING" -> {
                Log.notice("Master is currently unable to PSYNC but should be in the future: " + shortened(line));
                if (self.failover) {
                    yield new Step.Rejected(shortened(line));
                }
                yield new Step.Abort("the master cannot serve PSYNC yet");
            }
            default -> withoutPsync(line);
        };
    }

    private static Step full(String[] words, String line) {
        if (words.length != 3 || !History.isId(words[1]) || !words[2].matches("\\d{1,18}")) {
            return abort("Master replied with wrong +FULLRESYNC syntax: '" + shortened(line) + "'");
        }
        Log.notice("Full resync from master: " + words[1] + ":" + words[2]);
        return new Step.Full(words[1], Long.parseLong(words[2]));
    }

    /** A master of Redis before 2.8. In a managed group there is none: its members go by offsets. */
    private Step withoutPsync(String line) {
        if (isManaged()) {
            return abort("Unexpected reply to PSYNC from master: " + shortened(line));
        }
        if (self.failover) {
            Log.notice("Master does not support PSYNC or is in error state (reply: " + shortened(line) + ")");
            return new Step.Rejected(shortened(line));
        }
        if (line.startsWith("-ERR")) {
            Log.notice("Master does not support PSYNC or is in error state (reply: " + shortened(line) + ")");
        } else {
            Log.warning("Unexpected reply to PSYNC from master: " + shortened(line));
        }
        Log.notice("Retrying with SYNC...");
        return new Step.Legacy();
    }

    private static String shortened(String line) {
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
