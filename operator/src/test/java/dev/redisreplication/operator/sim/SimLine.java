package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.Line;
import dev.redisreplication.operator.observe.NodeLink;
import dev.redisreplication.operator.sim.Rules.Rule;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** An operator's connection to a node: its commands and their replies as they are, less the bytes. */
final class SimLine implements Line {
    private record Question(CompletableFuture<Object> answer, long sentAt) {}

    private final SimOperator operator;
    private final Listener listener;
    private final ArrayDeque<Question> waiting = new ArrayDeque<>();
    private final List<Object> unsent = new ArrayList<>();
    private Conn conn;
    private boolean closed;
    /** No message leaves before this moment of the world: the process was paused between deciding and sending. */
    private long busyUntil;

    SimLine(SimOperator operator, String ip, Listener listener) {
        this.operator = operator;
        this.listener = listener;
        operator.world.connect(operator, ip, this::connected, this::refused);
    }

    private void connected(Conn made) {
        if (closed) {
            made.close(operator);
        } else if (((SimNode) made.peer(operator)).pod.locked) {
            made.close(operator);
            end(NodeLink.refused("WRONGPASS invalid username-password pair or user is disabled."), false);
        } else {
            conn = made;
            conn.tag = this;
            unsent.forEach(message -> conn.send(operator, message));
            unsent.clear();
        }
    }

    private void refused(boolean refused) {
        if (!closed) {
            end(refused ? new ConnectException("refused") : new IOException("no answer"), false);
        }
    }

    /** The other end closed it, or is no more. */
    void lost() {
        end(new EOFException("connection ended"), true);
    }

    private void end(IOException cause, boolean connected) {
        if (closed) {
            return;
        }
        closed = true;
        List<Question> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(question -> question.answer().completeExceptionally(cause));
        operator.later(0, () -> listener.closed(this, cause, connected));
    }

    @Override
    public void close() {
        if (conn != null) {
            conn.close(operator);
        }
        end(new IOException("connection was closed"), conn != null);
    }

    @Override
    public CompletableFuture<Answer> ask() {
        return push(new Wire.Info()).thenApply(reply -> new Answer(((Wire.InfoReply) reply).facts(), ""));
    }

    @Override
    public CompletableFuture<Object> send(String... command) {
        Object order = order(List.of(command));
        boolean seen = order instanceof Wire.Promote || order instanceof Wire.Attach || order instanceof Wire.Yield;
        if (seen && !operator.acts("orders " + order)) {
            return new CompletableFuture<>();
        }
        if (seen && operator.world.chance(10)) {
            busyUntil = operator.world.now + operator.world.random.nextInt(20_000);
        }
        return push(order);
    }

    private static Object order(List<String> words) {
        String what = words.get(0) + " " + words.get(1);
        return switch (what) {
            case "LEASE RENEW" ->
                new Wire.Renew(number(words, 2), number(words, 3), (int) number(words, 4), number(words, 5));
            case "LEASE FENCE" -> new Wire.Fence(number(words, 2));
            case "LEASE YIELD" -> new Wire.Yield(number(words, 2), number(words, 3));
            case "LEASE RESUME" -> new Wire.Resume(number(words, 2));
            case "REPLICAOF NO" -> new Wire.Promote(number(words, 4), words.size() > 5);
            default -> new Wire.Attach(number(words, 4), words.get(1));
        };
    }

    private static long number(List<String> words, int at) {
        return Long.parseLong(words.get(at));
    }

    private CompletableFuture<Object> push(Object message) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        if (closed) {
            answer.completeExceptionally(new IOException("connection is closed"));
            return answer;
        }
        if (!operator.alive) {
            return answer;
        }
        waiting.add(new Question(answer, operator.ms()));
        if (conn == null) {
            unsent.add(message);
        } else if (busyUntil > operator.world.now) {
            // In the order in which they were sent: of equal moments the first comes first.
            operator.later(busyUntil - operator.world.now, () -> conn.send(operator, message));
        } else {
            conn.send(operator, message);
        }
        return answer;
    }

    /** In the order of the questions. */
    void replied(Object reply) {
        Question question = waiting.poll();
        if (question != null) {
            question.answer().complete(read(reply, question.sentAt()));
        }
    }

    private Object read(Object reply, long sentAt) {
        return switch (reply) {
            case Wire.RenewReply renewed -> renewed.ok() ? (Object) 1L : refusal();
            case Wire.PromoteReply promoted -> promoted.ok() ? "OK" : refusal();
            case Wire.YieldReply yielded -> yielded.ok() ? (Object) 1L : refusal();
            case Wire.AttachReply attached -> attached.ok() ? "OK" : refusal();
            case Wire.FenceReply fenced -> fenced.ok() ? fields(fenced, sentAt) : refusal();
            default -> reply;
        };
    }

    private static NodeLink.Refusal refusal() {
        return new NodeLink.Refusal("STALETERM");
    }

    private List<String> fields(Wire.FenceReply fenced, long sentAt) {
        boolean kept = operator.world.rules.keep(Rule.VOTE_AGES_END_AT_THE_RECEIPT);
        long age = fenced.voteAgeMs() < 0 || kept ? fenced.voteAgeMs() : fenced.voteAgeMs() + operator.ms() - sentAt;
        return List.of(
                "role-before",
                fenced.roleBefore().name().toLowerCase(Locale.ROOT),
                "term",
                Long.toString(fenced.term()),
                "replid",
                fenced.history().replid(),
                "offset",
                Long.toString(fenced.offset()),
                "replid2",
                fenced.history().replid2(),
                "second-offset",
                Long.toString(fenced.history().secondOffset()),
                "run-id",
                fenced.runId(),
                "synced",
                fenced.synced() ? "1" : "0",
                "vote-age-ms",
                Long.toString(age));
    }

    @Override
    public boolean takes(String password) {
        return true;
    }

    @Override
    public void tryPassword(String password) {
        // There are none in this world.
    }
}
