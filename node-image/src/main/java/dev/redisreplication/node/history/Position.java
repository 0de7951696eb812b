package dev.redisreplication.node.history;

import dev.redisreplication.node.resp.CommandEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where in which history the data on disk are.
 *
 * @param history the replication history
 * @param offset bytes of it that are in the data
 * @param db database that the next logged command goes to unless a SELECT comes first
 */
public record Position(History history, long offset, int db) {
    private static final String MARK = "#REPL ";

    /** The facts of a dump that was made at this position. */
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("repl-stream-db", Integer.toString(Math.max(0, db)));
        facts.put("repl-id", history.replid());
        facts.put("repl-offset", Long.toString(offset));
        if (history.secondOffset() >= 0) {
            facts.put("repl-id2", history.replid2());
            facts.put("repl-second-offset", Long.toString(history.secondOffset()));
        }
        return facts;
    }

    /** The position that a dump's facts tell, or null. */
    public static Position of(Map<String, String> facts) {
        String id = facts.get("repl-id");
        String offset = facts.get("repl-offset");
        if (id == null || offset == null || !History.isId(id) || !offset.matches("\\d{1,18}")) {
            return null;
        }
        String db = facts.getOrDefault("repl-stream-db", "0");
        return new Position(
                history(id, facts.get("repl-id2"), facts.get("repl-second-offset")),
                Long.parseLong(offset),
                db.matches("\\d{1,5}") ? Integer.parseInt(db) : 0);
    }

    private static History history(String id, String id2, String second) {
        boolean known = id2 != null && History.isId(id2) && second != null && second.matches("\\d{1,18}");
        return known ? new History(id, id2, Long.parseLong(second)) : History.of(id);
    }

    /**
     * What says in an increment in which history the following bytes are, and which database they go to. The SELECT is not
     * part of the history: the annotation behind it sets the offset anew for a reader that counts bytes.
     */
    public byte[] mark() {
        byte[] select = CommandEncoder.command("SELECT", Integer.toString(Math.max(0, db)));
        byte[] line = annotation().getBytes(StandardCharsets.US_ASCII);
        byte[] mark = Arrays.copyOf(select, select.length + line.length);
        System.arraycopy(line, 0, mark, select.length, line.length);
        return mark;
    }

    /** The annotation in an increment: what follows it starts at this position. Redis skips such lines. */
    public String annotation() {
        String line = MARK + history.replid() + " " + offset;
        if (history.secondOffset() >= 0) {
            line += " " + history.replid2() + " " + history.secondOffset();
        }
        return line + "\r\n";
    }

    /** The position that an annotation tells, or null when the line is another one. */
    public static Position ofAnnotation(String line, int db) {
        if (!line.startsWith(MARK)) {
            return null;
        }
        String[] words = line.substring(MARK.length()).trim().split(" +", -1);
        if (words.length < 2 || !History.isId(words[0]) || !words[1].matches("\\d{1,18}")) {
            return null;
        }
        History history = words.length >= 4 ? history(words[0], words[2], words[3]) : History.of(words[0]);
        return new Position(history, Long.parseLong(words[1]), db);
    }

    /** The same history, some bytes later. */
    public Position plus(long bytes, int newDb) {
        return new Position(history, offset + bytes, newDb);
    }
}
