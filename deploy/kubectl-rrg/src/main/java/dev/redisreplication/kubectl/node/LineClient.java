package dev.redisreplication.kubectl.node;

import dev.redisreplication.kubectl.node.Resp.Reply;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A client for people without redis-cli: a line is a command, and its reply is printed as redis-cli does on a terminal. */
public final class LineClient {
    private static final Set<String> ENDLESS = Set.of("MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE");

    private final int port;
    private final String password;
    private final PrintWriter out;
    private final boolean terminal = System.console() instanceof Console console && console.isTerminal();
    private Resp resp;

    public LineClient(int port, String password, PrintWriter out) {
        this.port = port;
        this.password = password;
        this.out = out;
    }

    /** Runs one command, or without one those of standard input; gives the status that redis-cli -e would end with. */
    public int run(List<String> command) throws IOException {
        if (!command.isEmpty()) {
            return execute(command) ? 0 : 1;
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        boolean good = true;
        prompt();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = Words.of(line);
            if (words == null) {
                out.println("Invalid argument(s)");
                good = false;
            } else if (!words.isEmpty()) {
                String first = words.getFirst().toLowerCase(Locale.ROOT);
                if (first.equals("quit") || first.equals("exit")) {
                    break;
                }
                good &= tried(words);
            }
            prompt();
        }
        return good ? 0 : 1;
    }

    private void prompt() {
        if (terminal) {
            out.print("> ");
        }
        out.flush();
    }

    /** A connection that was lost, as in a failover, is made again with the next line. */
    private boolean tried(List<String> words) {
        try {
            return execute(words);
        } catch (IOException e) {
            out.println("Error: " + e.getMessage());
            close();
            return false;
        }
    }

    private boolean execute(List<String> words) throws IOException {
        Reply reply = connection().call(words);
        print(reply, "");
        out.flush();
        while (ENDLESS.contains(words.getFirst().toUpperCase(Locale.ROOT)) && !(reply instanceof Reply.Failure)) {
            print(connection().next(), "");
            out.flush();
        }
        return !(reply instanceof Reply.Failure);
    }

    private Resp connection() throws IOException {
        if (resp == null) {
            Resp made = new Resp(new Socket(InetAddress.ofLiteral("127.0.0.1"), port));
            if (!password.isEmpty() && made.call(List.of("AUTH", password)) instanceof Reply.Failure failure) {
                out.println("AUTH failed: " + failure.text());
            }
            resp = made;
        }
        return resp;
    }

    private void close() {
        try {
            if (resp != null) {
                resp.close();
            }
        } catch (IOException e) {
            // It is closed.
        }
        resp = null;
    }

    private void print(Reply reply, String indent) {
        switch (reply) {
            case Reply.Simple simple -> out.println(simple.text());
            case Reply.Failure failure -> out.println("(error) " + failure.text());
            case Reply.Number number -> out.println("(integer) " + number.value());
            case Reply.Bulk bulk -> out.println(bulk(bulk.bytes()));
            case Reply.Nil _ -> out.println("(nil)");
            case Reply.Many many -> printAll(many.replies(), indent);
        }
    }

    private String bulk(String bytes) {
        byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        // Texts of many lines are for reading; so is everything that goes into a file.
        return terminal && !bytes.contains("\n") ? Words.quoted(bytes) : new String(raw, StandardCharsets.UTF_8);
    }

    private void printAll(List<Reply> replies, String indent) {
        if (replies.isEmpty()) {
            out.println("(empty array)");
        }
        int width = Integer.toString(replies.size()).length();
        for (int i = 0; i < replies.size(); i++) {
            String number = String.format("%" + width + "d) ", i + 1);
            out.print((i == 0 ? "" : indent) + number);
            print(replies.get(i), indent + " ".repeat(number.length()));
        }
    }
}
