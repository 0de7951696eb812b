package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.sentinel.Instance.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** What an operator may ask a running Sentinel to do. Methods that can fail return the text of the error, or null. */
public final class Administration {
    private static final String DENIED =
            "ERR Reconfiguration of scripts path is denied for security reasons. Check the deny-scripts-reconfig"
                    + " configuration directive in your Sentinel configuration";

    private final Book book;
    private final Speaker speaker;
    private final Registry registry;
    private final Failover failover;
    private Predicate<String> executable = script -> true;

    Administration(Book book, Speaker speaker, Registry registry, Failover failover) {
        this.book = book;
        this.speaker = speaker;
        this.registry = registry;
        this.failover = failover;
    }

    /** Sets who says whether there is such a script. */
    public void scripts(Predicate<String> isExecutable) {
        executable = isExecutable;
    }

    /** SENTINEL MONITOR. */
    public String monitor(String name, String host, int port, long quorum) {
        book.begin();
        if (quorum <= 0) {
            return "ERR Quorum must be 1 or greater.";
        }
        if (!book.isPlace(host, 0)) {
            return "ERR Invalid IP address or hostname specified";
        }
        if (!book.isPlace(host, port)) {
            return "ERR Invalid port number.";
        }
        if (book.masters.containsKey(name)) {
            return "ERR Duplicate master name.";
        }
        Master master = registry.monitor(name, Address.of(host, port), (int) quorum);
        book.save();
        registry.announce(master);
        return null;
    }

    /** SENTINEL REMOVE. */
    public void remove(Master master) {
        book.begin();
        registry.remove(master);
    }

    /** SENTINEL RESET: how many masters the pattern takes. */
    public int reset(String pattern) {
        book.begin();
        int count = 0;
        for (Master master : book.masters.values()) {
            if (Glob.matches(pattern, master.name)) {
                registry.resetByUser(master);
                count++;
            }
        }
        return count;
    }

    /** SENTINEL FAILOVER. */
    public String failOver(Master master) {
        book.begin();
        if (master.inFailover()) {
            return "INPROG Failover already in progress";
        }
        if (Selection.of(book).best(master) == null) {
            return "NOGOODSLAVE No suitable replica to promote";
        }
        book.say(Log.Level.WARNING, "Executing user requested FAILOVER of '" + master.name + "'");
        failover.begin(master);
        master.states.add(State.FORCE_FAILOVER);
        return null;
    }

    /**
     * Whether a failover could be agreed on now.
     *
     * @param usable Sentinels that can be reached, this one too
     * @param problem what is missing, or ""
     */
    public record Quorum(int usable, String problem) {}

    /** SENTINEL CKQUORUM. */
    public Quorum quorum(Master master) {
        int usable = 1;
        for (OtherSentinel sentinel : master.sentinels.values()) {
            usable += sentinel.isDown() ? 0 : 1;
        }
        int voters = master.sentinels.size() + 1;
        List<String> problems = new ArrayList<>();
        if (usable < master.quorum) {
            problems.add("Not enough available Sentinels to reach the specified quorum for this master");
        }
        if (usable < voters / 2 + 1) {
            problems.add("Not enough available Sentinels to reach the majority and authorize a failover");
        }
        return new Quorum(usable, String.join(". ", problems));
    }

    /** SENTINEL FLUSHCONFIG. */
    public void flush() {
        book.save();
    }

    /** No failure is simulated any more. */
    public void simulateNone() {
        book.failures.clear();
    }

    /** One more of SENTINEL SIMULATE-FAILURE: false if there is none of this name. */
    public boolean simulate(String name) {
        Book.Failure failure =
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "crash-after-election" -> Book.Failure.CRASH_AFTER_ELECTION;
                    case "crash-after-promotion" -> Book.Failure.CRASH_AFTER_PROMOTION;
                    default -> null;
                };
        if (failure == null) {
            return false;
        }
        book.failures.add(failure);
        book.say(
                Log.Level.WARNING,
                "Failure simulation: this Sentinel will crash after "
                        + (failure == Book.Failure.CRASH_AFTER_ELECTION
                                ? "being successfully elected as failover leader"
                                : "promoting the selected replica to master"));
        return true;
    }

    /** SENTINEL DEBUG with options. */
    public String times(List<String> words) {
        for (int i = 0; i < words.size(); i += 2) {
            Time time = find(words.get(i));
            if (time == null || i + 1 == words.size()) {
                return "ERR Unknown option or number of arguments for SENTINEL DEBUG '" + shown(words.get(i)) + "'";
            }
            long millis = number(words.get(i + 1), 1, Long.MAX_VALUE);
            if (millis < 0) {
                return "ERR Invalid argument '" + shown(words.get(i + 1)) + "' for SENTINEL DEBUG '" + words.get(i)
                        + "'";
            }
            book.time(time, millis);
        }
        return null;
    }

    private static Time find(String option) {
        for (Time time : Time.values()) {
            if (time.option().equalsIgnoreCase(option)) {
                return time;
            }
        }
        return null;
    }

    // ---- SENTINEL SET

    /** SENTINEL SET: option after option; those before one that is wrong are set. */
    public String set(Master master, List<String> words) {
        book.begin();
        String problem = null;
        boolean changed = false;
        for (int i = 0; i < words.size() && problem == null; ) {
            String option = words.get(i).toLowerCase(Locale.ROOT);
            int values = option.equals("rename-command") ? 2 : 1;
            if (i + values >= words.size() || !isOption(option)) {
                problem = "ERR Unknown option or number of arguments for SENTINEL SET '" + shown(words.get(i)) + "'";
                break;
            }
            List<String> given = words.subList(i + 1, i + 1 + values);
            problem = set(master, option, words.get(i), given);
            changed |= problem == null;
            if (problem == null) {
                String shown = option.equals("auth-pass") ? "******" : String.join(" ", given);
                book.event(Log.Level.WARNING, "+set", master, master, " " + words.get(i) + " " + shown);
            }
            i += 1 + values;
        }
        if (changed) {
            book.save();
        }
        return problem;
    }

    private static boolean isOption(String option) {
        return switch (option) {
            case "down-after-milliseconds",
                    "failover-timeout",
                    "parallel-syncs",
                    "notification-script",
                    "client-reconfig-script",
                    "auth-pass",
                    "auth-user",
                    "quorum",
                    "rename-command",
                    "master-reboot-down-after-period" -> true;
            default -> false;
        };
    }

    private String set(Master master, String option, String written, List<String> given) {
        String value = given.getFirst();
        switch (option) {
            case "notification-script", "client-reconfig-script" -> {
                return script(master, option, value);
            }
            case "auth-pass" -> {
                master.authPass = value;
                hangUpAll(master);
            }
            case "auth-user" -> {
                master.authUser = value;
                hangUpAll(master);
            }
            case "rename-command" -> {
                if (value.isEmpty() || given.get(1).isEmpty()) {
                    return bad(value.isEmpty() ? value : given.get(1), written);
                }
                if (value.equalsIgnoreCase(given.get(1))) {
                    master.renamed.remove(value.toLowerCase(Locale.ROOT)); // renamed to itself: not any more
                } else {
                    master.renamed.put(value.toLowerCase(Locale.ROOT), given.get(1));
                }
            }
            default -> {
                return number(master, option, written, value);
            }
        }
        return null;
    }

    /** Who was connected with another password is asked again. */
    private void hangUpAll(Master master) {
        for (Instance instance : master.everybody()) {
            if (instance.isDataNode()) {
                speaker.hangUp(instance.link);
            }
        }
    }

    private String script(Master master, String option, String value) {
        if (book.globals.denyScripts) {
            return DENIED;
        }
        if (!value.isEmpty() && !executable.test(value)) {
            String which = option.equals("notification-script") ? "Notification" : "Client reconfiguration";
            return "ERR " + which + " script seems non existing or non executable";
        }
        if (option.equals("notification-script")) {
            master.notificationScript = value;
        } else {
            master.reconfigScript = value;
        }
        return null;
    }

    private static String number(Master master, String option, String written, String value) {
        long least = option.equals("master-reboot-down-after-period") ? 0 : 1;
        long most = option.equals("quorum") || option.equals("parallel-syncs") ? Integer.MAX_VALUE : Long.MAX_VALUE;
        long number = number(value, least, most);
        if (number < 0) {
            return bad(value, written);
        }
        switch (option) {
            case "down-after-milliseconds" -> master.downAfter(number);
            case "failover-timeout" -> master.failoverTimeout = number;
            case "parallel-syncs" -> master.parallelSyncs = (int) number;
            case "quorum" -> master.quorum = (int) number;
            default -> master.rebootDownAfter = number;
        }
        return null;
    }

    /** As C shows it: to the first NUL. */
    private static String shown(String word) {
        int end = word.indexOf('\0');
        return end < 0 ? word : word.substring(0, end);
    }

    private static String bad(String value, String option) {
        return "ERR Invalid argument '" + shown(value) + "' for SENTINEL SET '" + option + "'";
    }

    private static long number(String word, long least, long most) {
        try {
            long number = Long.parseLong(word);
            boolean strict = Long.toString(number).equals(word);
            return strict && number >= least && number <= most ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    // ---- SENTINEL CONFIG

    /** SENTINEL CONFIG GET: the options that the pattern takes, with their values. */
    public Map<String, String> options(String pattern) {
        Globals g = book.globals;
        Map<String, String> all = new LinkedHashMap<>();
        all.put("resolve-hostnames", g.resolveHostnames ? "yes" : "no");
        all.put("announce-hostnames", g.announceHostnames ? "yes" : "no");
        all.put("announce-ip", g.announceIp);
        all.put("announce-port", Integer.toString(g.announcePort));
        all.put("sentinel-user", g.sentinelUser);
        all.put("sentinel-pass", g.sentinelPass);
        String wanted = pattern.toLowerCase(Locale.ROOT);
        all.keySet().removeIf(name -> !Glob.matches(wanted, name));
        return all;
    }

    /** SENTINEL CONFIG SET. */
    public String option(String option, String value) {
        book.begin();
        Globals g = book.globals;
        boolean yes = value.equalsIgnoreCase("yes");
        boolean fits = yes || value.equalsIgnoreCase("no");
        switch (option.toLowerCase(Locale.ROOT)) {
            case "resolve-hostnames" -> g.resolveHostnames = fits ? yes : g.resolveHostnames;
            case "announce-hostnames" -> g.announceHostnames = fits ? yes : g.announceHostnames;
            case "announce-port" -> {
                long port = number(value, 0, Address.LAST_PORT);
                fits = port >= 0;
                g.announcePort = fits ? (int) port : g.announcePort;
            }
            case "announce-ip" -> {
                g.announceIp = value;
                fits = true;
            }
            case "sentinel-user" -> {
                g.sentinelUser = value;
                fits = true;
                hangUpSentinels();
            }
            case "sentinel-pass" -> {
                g.sentinelPass = value;
                fits = true;
                hangUpSentinels();
            }
            default -> {
                return "ERR Invalid argument '" + shown(option) + "' to SENTINEL CONFIG SET";
            }
        }
        if (!fits) {
            return "ERR Invalid value '" + shown(value) + "' to SENTINEL CONFIG SET '" + option + "'";
        }
        book.save();
        return null;
    }

    private void hangUpSentinels() {
        for (Master master : book.masters.values()) {
            master.sentinels.values().forEach(sentinel -> speaker.hangUp(sentinel.link));
        }
    }
}
