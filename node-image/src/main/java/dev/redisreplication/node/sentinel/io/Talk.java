package dev.redisreplication.node.sentinel.io;

import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.net.Timer;
import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.ReplyReader;
import dev.redisreplication.node.sentinel.Instance;
import dev.redisreplication.node.sentinel.Master;
import dev.redisreplication.node.sentinel.Question;
import dev.redisreplication.node.sentinel.Sentinel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One connection to an instance, from the attempt to its end: commands out, replies or messages in. On the event loop. */
final class Talk implements ConnectionHandler {
    private final Sentinel sentinel;
    private final Master master;
    private final Instance with;
    private final boolean listens;
    private final Runnable over;
    private final Deque<Question> asked = new ArrayDeque<>();
    private final ReplyReader reader = new ReplyReader();
    private Timer attempt;
    private Connection connection;
    private boolean dropped;

    /** @param over is run when it has ended by itself */
    Talk(Sentinel sentinel, Master master, Instance with, boolean listens, Runnable over) {
        this.sentinel = sentinel;
        this.master = master;
        this.with = with;
        this.listens = listens;
        this.over = over;
    }

    void attempt(Timer begun) {
        attempt = begun;
    }

    /** Ends it; nobody hears of it any more. */
    void drop() {
        dropped = true;
        if (connection != null) {
            connection.close("not needed any more");
        } else if (attempt != null) {
            attempt.cancel();
        }
    }

    void send(List<String> words, Question question) {
        NativeBuffer out = connection.output();
        CommandEncoder.begin(out, words.size());
        words.forEach(word -> CommandEncoder.arg(out, word));
        connection.flushLater();
        if (!listens) {
            asked.addLast(question);
        }
    }

    @Override
    public void connected(Connection made) {
        connection = made;
        sentinel.connected(master, with, listens, ip(made.remoteAddress()), ip(made.localAddress()));
    }

    /** {@code ip:port} or {@code [ip]:port} without the port. */
    private static String ip(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public void notConnected(String reason) {
        if (!dropped) {
            over.run();
            sentinel.disconnected(master, with, listens, false, reason);
        }
    }

    @Override
    public void closed(Connection gone, String reason) {
        if (!dropped) {
            over.run();
            sentinel.disconnected(master, with, listens, true, reason);
        }
    }

    @Override
    public void input(Connection from) {
        NativeBuffer in = from.input();
        try {
            while (!dropped && in.readable() > 0 && reader.read(in)) {
                take(reader.value());
            }
        } catch (ProtocolException e) {
            from.close("it does not speak Redis' protocol: " + e.getMessage());
        }
    }

    private void take(Object reply) {
        if (!listens) {
            Question question = asked.pollFirst();
            if (question != null) {
                sentinel.replied(question, reply);
            }
        } else if (reply instanceof List<?> list
                && list.size() == 3
                && "message".equals(list.get(0))
                && list.get(2) instanceof String text) {
            sentinel.message(with, text);
        }
    }
}
