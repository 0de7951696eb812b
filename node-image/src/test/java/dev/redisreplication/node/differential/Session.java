package dev.redisreplication.node.differential;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * What one connection says from its beginning to its end, sent at once: for commands that are answered by no frame or by several,
 * which {@link Duel} cannot pair. All frames that come back are compared, in order.
 */
record Session(List<List<String>> commands) {

    static final List<String> GROUPS = List.of("connection", "server", "transactions", "pubsub");

    /** Commands that are answered by a clock, by figures, or by a table that differs. The grammar has none; a lost argument makes them. */
    private static final Pattern OWN_ANSWER = Pattern.compile(
            "(?i)TIME|INFO|COMMAND|COMMAND (INFO|DOCS|LIST|COUNT)( \\w+)?|COMMAND \\w+.* (COMMAND|INFO|DOCS)( .*)?"
                    + "|CLIENT (ID|INFO|LIST)|ACL CAT( \\w+)?"
                    + "|COMMAND LIST FILTERBY ACLCAT \\w+|.* HELP");

    private static final int LONGEST = 14;
    private static final int MOST_SHOWN = 400; // characters of what differs

    /** Up to {@link #LONGEST} commands made from {@code seed}, and an orderly end. */
    static Session random(Grammar grammar, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<String>> commands = new ArrayList<>();
        if (random.nextBoolean()) {
            commands.add(List.of("HELLO", "3"));
        }
        for (int i = 1 + random.nextInt(LONGEST); i > 0; i--) {
            List<String> command = grammar.next(random);
            if (!OWN_ANSWER.matcher(Commands.line(command)).matches()) {
                commands.add(command);
            }
        }
        commands.add(List.of("RESET")); // what follows is answered, whatever was before, but for a SKIP
        commands.add(List.of("PING"));
        commands.add(List.of("QUIT"));
        return new Session(commands);
    }

    /** Plays it on both, both empty; returns what differed as a text, or null. */
    String compare(int redisPort, int nodePort) throws IOException {
        List<String> right = play(redisPort);
        List<String> ours = play(nodePort);
        if (right.equals(ours)) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        commands.forEach(c -> text.append("\n  ").append(Commands.line(c)));
        int from = 0;
        while (from < right.size() && from < ours.size() && right.get(from).equals(ours.get(from))) {
            from++;
        }
        text.append("\n    same frames: ").append(from);
        text.append("\n    redis: ").append(next(right, from));
        text.append("\n    node:  ").append(next(ours, from));
        return text.toString();
    }

    private static String next(List<String> frames, int from) {
        String two = frames.subList(from, Math.min(frames.size(), from + 2)).toString();
        return two.substring(0, Math.min(two.length(), MOST_SHOWN));
    }

    private List<String> play(int port) throws IOException {
        try (Wire control = new Wire(port)) {
            control.call("FLUSHALL");
        }
        List<Reply> frames = new ArrayList<>();
        try (Wire wire = new Wire(port)) {
            StringBuilder all = new StringBuilder();
            commands.forEach(command -> all.append(Wire.frame(command)));
            wire.sendRaw(all.toString());
            while (true) {
                frames.add(wire.read());
            }
        } catch (EOFException e) {
            return texts(frames); // both close after QUIT
        }
    }

    /** The frames as texts; what follows from nothing (ids, the order of a hash) is taken out. */
    private static List<String> texts(List<Reply> frames) {
        List<String> texts = new ArrayList<>();
        List<String> anyOrder = new ArrayList<>(); // of frames one behind the other: their order is a hash's
        for (Reply frame : frames) {
            if (isPush(frame, 3, "unsubscribe")) {
                anyOrder.add(frame.items().get(1).toString());
                texts.add(frame.type()
                        + frame.items().get(0).text()
                        + frame.items().get(2));
            } else if (isPush(frame, 4, "pmessage")) {
                anyOrder.add(frame.toString());
            } else {
                anyOrder.stream().sorted().forEach(texts::add);
                anyOrder.clear();
                texts.add(frame.toString()
                        .replaceAll("(\\$id) :\\d+", "$1 :0")
                        .replaceAll(
                                "\\$master :\\d+ \\*\\[(\\*\\[[^]]*] ?)*]",
                                "\\$master :0 *[]")); // ROLE: one may have a replica
            }
        }
        return texts;
    }

    private static boolean isPush(Reply frame, int items, String kind) {
        return frame.isAggregate()
                && frame.items().size() == items
                && ("" + frame.items().getFirst().text()).endsWith(kind);
    }
}
