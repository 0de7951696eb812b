package dev.redisreplication.node.differential;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Clients of users whose rules change under them, on two servers in lock step: after each command it is compared what every client has
 * heard, who is still connected and as whom, and at the end what ACL LOG says.
 */
final class AclCrowd implements Closeable {
    private static final int SIZE = 4;
    private static final int SHOWN = 15;

    /** Of these, b waits for keys: its rules are never narrowed, as Redis 7.0 serves who waits without another look at them. */
    private static final List<String> USERS = List.of("u0", "u1", "b");

    private static final Pattern MONITORED = Pattern.compile("\\+[0-9]+\\.[0-9]+ \\[([0-9]+) [^\\]]*\\]");
    private static final Pattern REFUSED = Pattern.compile("-NOPERM [^\r]*\r\n$");
    private static final Pattern FIELDS = Pattern.compile(
            "id=(\\d+) .* flags=(\\S+) db=(\\d+) sub=(\\d+) psub=(\\d+) ssub=(\\d+) multi=(\\S+) .* cmd=(\\S+) user=(\\S+) .*");

    private static final List<String> BY_CLIENTS = List.of(
            "AUTH u0 p1",
            "AUTH u0 p2",
            "AUTH u1 p1",
            "AUTH u1 p2",
            "AUTH b p1",
            "AUTH nobody p1",
            "AUTH p1",
            "HELLO 2 AUTH u0 p1",
            "HELLO 2 AUTH u1 p1 SETNAME n",
            "RESET",
            "ACL WHOAMI",
            "PING",
            "GET k1",
            "GET a1",
            "SET k1 v",
            "SET r1 v GET",
            "MSET k1 v a1 w",
            "MGET k1 r1 x1",
            "DEL k1",
            "LPUSH k2 v",
            "COPY k1 a1 REPLACE",
            "RENAME k1 a1",
            "SINTERSTORE a2 k3 r3",
            "EVAL \"return redis.call('get','k1')\" 0",
            "EVAL \"return redis.call('set',KEYS[1],'v')\" 1 a1",
            "EVAL \"return redis.pcall('publish','c1','v')\" 0",
            "EVAL \"return redis.acl_check_cmd('set','a1','v')\" 0",
            "MULTI",
            "MULTI",
            "EXEC",
            "EXEC",
            "DISCARD",
            "WATCH k1",
            "SUBSCRIBE c1",
            "SUBSCRIBE d",
            "PSUBSCRIBE c*",
            "SSUBSCRIBE c1",
            "UNSUBSCRIBE",
            "PUNSUBSCRIBE",
            "PUBLISH c1 m",
            "PUBLISH d m",
            "SPUBLISH c1 m",
            "MONITOR",
            "CONFIG GET port-of-nothing",
            "CLIENT GETNAME",
            "CLIENT NO-EVICT off",
            "CLIENT TRACKING on BCAST PREFIX k",
            "FLUSHALL",
            "NOTHING",
            "ACL LIST x",
            "ACL GETUSER nobody",
            "OBJECT ENCODING k1",
            "SELECT 0",
            "SELECT 1");

    private static final List<String> WAITING =
            List.of("BLPOP q1 0", "BRPOP q2 q1 0", "BLMOVE q1 q3 LEFT LEFT 0", "XREAD BLOCK 0 STREAMS x $");

    private static final List<String> BY_ADMIN = List.of(
            "ACL SETUSER ? on",
            "ACL SETUSER ? off",
            "ACL SETUSER ? >p1",
            "ACL SETUSER ? <p1 >p2",
            "ACL SETUSER ? resetpass",
            "ACL SETUSER ? nopass",
            "ACL DELUSER ?",
            "ACL DELUSER ?",
            "ACL SETUSER ? on nopass +@all ~* &*",
            "RPUSH q1 v",
            "RPUSH q2 v",
            "XADD x 1-* f v",
            "PUBLISH c1 m",
            "SPUBLISH c1 m",
            "CLIENT KILL USER ?");

    private static final List<String> NARROWING = List.of(
            "ACL SETUSER ? resetchannels",
            "ACL SETUSER ? resetchannels &c1",
            "ACL SETUSER ? resetchannels &c*",
            "ACL SETUSER ? allchannels",
            "ACL SETUSER ? -@pubsub",
            "ACL SETUSER ? -exec",
            "ACL SETUSER ? -multi +get",
            "ACL SETUSER ? +@all -@dangerous",
            "ACL SETUSER ? +@all -set",
            "ACL SETUSER ? resetkeys ~k* %R~r*",
            "ACL SETUSER ? reset on nopass +@all ~k*",
            "ACL SETUSER ? clearselectors (+@all ~a*) (&d +publish)");

    /** One server. */
    private static final class Side implements Closeable {
        private final int port;
        private final Wire admin;
        private final Wire[] wires = new Wire[SIZE];
        private final String[] ids = new String[SIZE];
        private final StringBuilder[] heard = new StringBuilder[SIZE];

        Side(int port) throws IOException {
            this.port = port;
            admin = new Wire(port);
            admin.call("FLUSHALL");
            List<String> delete = new ArrayList<>(List.of("ACL", "DELUSER"));
            delete.addAll(USERS);
            admin.call(delete);
            admin.call("ACL", "LOG", "RESET");
            for (String user : USERS) {
                admin.call("ACL", "SETUSER", user, "on", ">p1", "+@all", "~*", "&*");
            }
            for (int i = 0; i < SIZE; i++) {
                open(i);
            }
        }

        private void open(int i) throws IOException {
            wires[i] = new Wire(port);
            ids[i] = wires[i].call("CLIENT", "ID").text();
            wires[i].call("AUTH", USERS.get(i % USERS.size()), "p1"); // which its user may not have any more
            heard[i] = new StringBuilder();
        }

        Reply say(int who, List<String> command) throws IOException {
            Reply reply = null;
            if (who < 0) {
                reply = admin.call(command);
            } else {
                wires[who].send(command);
            }
            admin.call("PING");
            admin.call("PING"); // whatever the first turn has left is done in the second
            return reply;
        }

        /** What each client has heard, and how it stands: "gone", or some of what CLIENT LIST says. */
        List<String> state() throws IOException {
            Map<String, String> standing = new TreeMap<>();
            for (String line : admin.call("CLIENT", "LIST").text().split("\n", -1)) {
                Matcher m = FIELDS.matcher(line);
                if (m.matches()) {
                    // Without what becomes of watched keys, which is no matter of rights.
                    standing.put(
                            m.group(1),
                            m.group(2).replaceFirst("^d$", "N").replace("d", "") + " db" + m.group(3) + " sub"
                                    + m.group(4) + "," + m.group(5) + "," + m.group(6) + " multi" + m.group(7) + " "
                                    + m.group(8) + " " + m.group(9));
                }
            }
            List<String> state = new ArrayList<>();
            for (int i = 0; i < SIZE; i++) {
                heard[i].append(wires[i].pending());
                String text = MONITORED
                        .matcher(heard[i].toString())
                        .replaceAll("+T [$1]")
                        .replaceAll("\\+T \\[\\d+\\] \"PING\"\r\n", "") // by which the turns are known to be over
                        .replaceAll("(\r\nid\r\n):\\d+", "$1:0");
                state.add(standing.getOrDefault(ids[i], "gone") + " | " + text);
            }
            return state;
        }

        /** Whether it is gone, and another has taken its place. */
        boolean reopen(int i, String state) throws IOException {
            if (!state.startsWith("gone")) {
                return false;
            }
            wires[i].close();
            open(i);
            return true;
        }

        @Override
        public void close() throws IOException {
            for (Wire wire : wires) {
                wire.close();
            }
            admin.close();
        }
    }

    private final Side redis;
    private final Side node;
    private final AclRules rules;
    private final boolean[] waits = new boolean[SIZE];
    private final int[] met = new int[4];

    AclCrowd(int redisPort, int nodePort, AclRules rules) throws IOException {
        redis = new Side(redisPort);
        node = new Side(nodePort);
        this.rules = rules;
    }

    /** How many clients were disconnected, refused, blocked and served: to see that a run has met them. */
    int[] met() {
        return met.clone();
    }

    /** Random commands until something differs; returns it with what came before, or null. */
    String play(long seed, int commands) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> history = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            int who = random.nextInt(SIZE + 2) - 2;
            List<String> command = who < 0 ? byAdmin(random) : byClient(who, random);
            history.add((who < 0 ? "admin" : who) + "> " + Commands.line(command));
            String difference = say(Math.max(-1, who), command);
            if (difference != null) {
                return "seed " + seed + ": "
                        + String.join("\n  ", history.subList(Math.max(0, history.size() - SHOWN), history.size()))
                        + difference;
            }
        }
        List<String> theirs = log(redis);
        List<String> ours = log(node);
        return theirs.equals(ours) ? null : "seed " + seed + ", ACL LOG:\n  redis: " + theirs + "\n  node:  " + ours;
    }

    private List<String> byAdmin(SplittableRandom random) {
        String user = any(USERS, random);
        boolean mayNarrow = !user.equals("b");
        List<String> command;
        if (mayNarrow && random.nextInt(4) == 0) {
            command = new ArrayList<>(List.of("ACL", "SETUSER", user));
            command.addAll(rules.next(random));
            return command;
        }
        String line = mayNarrow && random.nextInt(3) == 0 ? any(NARROWING, random) : any(BY_ADMIN, random);
        return Commands.parse(line.replace("?", user));
    }

    /** Who waits says nothing; who is the user b may begin to. */
    private List<String> byClient(int who, SplittableRandom random) throws IOException {
        if (waits[who]) {
            return Commands.parse("PING");
        }
        boolean mayWait = redis.state().get(who).split(" \\| ", 2)[0].matches("N .* multi-1 .* b");
        return Commands.parse(mayWait && random.nextInt(3) == 0 ? any(WAITING, random) : any(BY_CLIENTS, random));
    }

    private String say(int who, List<String> command) throws IOException {
        Reply right = redis.say(who, command);
        Reply said = node.say(who, command);
        if (right != null
                && !right.toString().equals(said.toString())
                && !command.getFirst().equals("XADD")) {
            return "\n    redis: " + right + "\n    node:  " + said;
        }
        if (!sameStates()) {
            return "\n    redis: " + ends(redis) + "\n    node:  " + ends(node);
        }
        List<String> states = redis.state();
        for (int i = 0; i < SIZE; i++) {
            met[0] += redis.reopen(i, states.get(i)) ? 1 : 0;
            node.reopen(i, states.get(i));
            boolean blocked = states.get(i).startsWith("b ");
            met[2] += blocked && !waits[i] ? 1 : 0;
            met[3] += !blocked && waits[i] && !states.get(i).startsWith("gone") ? 1 : 0;
            waits[i] = blocked;
        }
        met[1] += who >= 0 && REFUSED.matcher(states.get(who)).find() ? 1 : 0;
        return null;
    }

    /** What was answered may still be under way; a difference is one that stays. */
    private boolean sameStates() throws IOException {
        if (redis.state().equals(node.state())) {
            return true;
        }
        try {
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> redis.state()
                    .equals(node.state()));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private List<String> log(Side side) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Reply entry : side.admin.call("ACL", "LOG", "1000").items()) {
            lines.add(AclDifferentialTest.logged(entry));
        }
        return lines;
    }

    private static List<String> ends(Side side) throws IOException {
        return side.state().stream()
                .map(all -> {
                    String[] parts = all.split(" \\| ", 2);
                    return parts[0] + " | " + Reply.printable(parts[1].substring(Math.max(0, parts[1].length() - 200)));
                })
                .toList();
    }

    private static String any(List<String> of, SplittableRandom random) {
        return of.get(random.nextInt(of.size()));
    }

    @Override
    public void close() throws IOException {
        redis.close();
        node.close();
    }
}
