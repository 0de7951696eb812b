package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.config.ConfigException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The lines {@code sentinel ...} of the file: what they set. {@link ConfigurationLines} writes them. */
public final class Configuration {
    private static final int ID_LENGTH = 40;

    private final Book book;
    private final Registry registry;
    private Predicate<String> executable = script -> true;

    Configuration(Book book, Registry registry) {
        this.book = book;
        this.registry = registry;
    }

    /**
     * A line, without its first word.
     *
     * @param place where it stands, for errors
     */
    public record Line(List<String> words, String place) {
        private String name() {
            return words.isEmpty() ? "" : words.getFirst().toLowerCase(Locale.ROOT);
        }
    }

    /** Sets who says whether there is such a script. */
    public void scripts(Predicate<String> isExecutable) {
        executable = isExecutable;
    }

    /** Sets who knows the password that this Sentinel takes: others are given the same where none is configured. */
    public void requirePass(Supplier<String> password) {
        book.globals.requirePass = password;
    }

    /** Its id, or "" before there is one. */
    public String myId() {
        return book.myId;
    }

    /** Gives it an id: at the first start. */
    public void myId(String id) {
        book.myId = id;
    }

    /** All lines that are to be written. */
    public List<String> lines() {
        return new ConfigurationLines(book).all();
    }

    /**
     * Reads all lines, in whatever order they are: those that are for all masters, those that name masters, then what is said of
     * these.
     *
     * @throws ConfigException with the place of the line that is wrong
     */
    public void read(List<Line> lines) throws ConfigException {
        for (Line line : lines) {
            if (isGlobal(line.name())) {
                checked(line, this::global);
            }
        }
        for (Line line : lines) {
            if (line.name().equals("monitor")) {
                checked(line, this::monitor);
            }
        }
        for (Line line : lines) {
            if (!isGlobal(line.name()) && !line.name().equals("monitor")) {
                checked(line, this::ofMaster);
            }
        }
    }

    private interface Reader {
        void read(List<String> words) throws ConfigException;
    }

    private static void checked(Line line, Reader reader) throws ConfigException {
        try {
            reader.read(line.words);
        } catch (ConfigException e) {
            throw new ConfigException(line.place + ": " + e.getMessage());
        }
    }

    private static boolean isGlobal(String name) {
        return switch (name) {
            case "myid",
                    "current-epoch",
                    "announce-ip",
                    "announce-port",
                    "deny-scripts-reconfig",
                    "sentinel-user",
                    "sentinel-pass",
                    "resolve-hostnames",
                    "announce-hostnames" -> true;
            default -> false;
        };
    }

    // ---- for all masters

    private void global(List<String> words) throws ConfigException {
        count(words, 2);
        String value = words.get(1);
        Globals globals = book.globals;
        switch (words.get(0).toLowerCase(Locale.ROOT)) {
            case "myid" -> {
                if (value.length() != ID_LENGTH) {
                    throw new ConfigException("Malformed Sentinel id in myid option.");
                }
                book.myId = value;
            }
            case "current-epoch" -> epochIsAtLeast(epoch(value));
            case "announce-ip" -> globals.announceIp = value;
            case "announce-port" -> globals.announcePort = (int) number(value, 0, Address.LAST_PORT);
            case "deny-scripts-reconfig" -> globals.denyScripts = yesNo(words);
            case "sentinel-user" -> globals.sentinelUser = value;
            case "sentinel-pass" -> globals.sentinelPass = value;
            case "resolve-hostnames" -> globals.resolveHostnames = yesNo(words);
            default -> globals.announceHostnames = yesNo(words);
        }
    }

    private void epochIsAtLeast(long epoch) {
        book.epoch = Book.isLater(epoch, book.epoch) ? epoch : book.epoch;
    }

    private static boolean yesNo(List<String> words) throws ConfigException {
        String value = words.get(1).toLowerCase(Locale.ROOT);
        if (!value.equals("yes") && !value.equals("no")) {
            throw new ConfigException("Please specify yes or no for the " + words.get(0) + " option.");
        }
        return value.equals("yes");
    }

    // ---- one master

    private void monitor(List<String> words) throws ConfigException {
        count(words, 5);
        int quorum = (int) number(words.get(4), Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (quorum <= 0) {
            throw new ConfigException("Quorum must be 1 or greater.");
        }
        if (book.masters.containsKey(words.get(1))) {
            throw new ConfigException("Duplicate master name.");
        }
        registry.monitor(words.get(1), address(words, 2, "Invalid port number"), quorum);
    }

    private Address address(List<String> words, int at, String otherwise) throws ConfigException {
        String host = words.get(at);
        if (!Address.isLiteral(host) && !book.globals.resolveHostnames) {
            throw new ConfigException("Can't resolve instance hostname.");
        }
        try {
            return Address.of(host, (int) number(words.get(at + 1), 0, Address.LAST_PORT));
        } catch (ConfigException e) {
            throw new ConfigException(otherwise);
        }
    }

    private void ofMaster(List<String> words) throws ConfigException {
        if (words.size() < 3) {
            throw new ConfigException("Unrecognized sentinel configuration statement.");
        }
        Master master = book.masters.get(words.get(1));
        if (master == null) {
            throw new ConfigException("No such master with specified name.");
        }
        String value = words.get(2);
        switch (words.get(0).toLowerCase(Locale.ROOT)) {
            case "down-after-milliseconds" -> master.downAfter(time(words));
            case "failover-timeout" -> master.failoverTimeout = time(words);
            case "master-reboot-down-after-period" -> master.rebootDownAfter = number(one(words), 0, Long.MAX_VALUE);
            case "parallel-syncs" ->
                master.parallelSyncs = (int) number(one(words), Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "notification-script" ->
                master.notificationScript =
                        script(one(words), "Notification script seems non existing or non executable.");
            case "client-reconfig-script" ->
                master.reconfigScript =
                        script(one(words), "Client reconfiguration script seems non existing or non executable.");
            case "auth-pass" -> master.authPass = one(words);
            case "auth-user" -> master.authUser = one(words);
            case "config-epoch" -> {
                master.configEpoch = epoch(one(words));
                epochIsAtLeast(master.configEpoch);
            }
            case "leader-epoch" -> {
                master.leaderEpoch = epoch(one(words));
                epochIsAtLeast(master.leaderEpoch);
            }
            case "known-slave", "known-replica" -> {
                count(words, 4);
                registry.addReplica(master, address(words, 2, "Wrong hostname or port for replica."));
            }
            case "known-sentinel" -> knownSentinel(master, words);
            case "rename-command" -> {
                count(words, 4);
                if (master.renamed.putIfAbsent(value.toLowerCase(Locale.ROOT), words.get(3)) != null) {
                    throw new ConfigException("Same command renamed multiple times with rename-command.");
                }
            }
            default -> throw new ConfigException("Unrecognized sentinel configuration statement.");
        }
    }

    private void knownSentinel(Master master, List<String> words) throws ConfigException {
        if (words.size() == 5) { // without its id nothing is known of it: its next message tells all
            Address address = address(words, 2, "Wrong hostname or port for sentinel.");
            if (!master.sentinels.containsKey(words.get(4))) {
                registry.addSentinel(master, words.get(4), address);
            }
        } else {
            count(words, 4);
        }
    }

    private String script(String path, String otherwise) throws ConfigException {
        if (!executable.test(path)) {
            throw new ConfigException(otherwise);
        }
        return path;
    }

    // ---- words

    private static String one(List<String> words) throws ConfigException {
        count(words, 3);
        return words.get(2);
    }

    private static void count(List<String> words, int wanted) throws ConfigException {
        if (words.size() != wanted) {
            throw new ConfigException("Unrecognized sentinel configuration statement.");
        }
    }

    private static long time(List<String> words) throws ConfigException {
        long millis = number(one(words), Long.MIN_VALUE, Long.MAX_VALUE);
        if (millis <= 0) {
            throw new ConfigException("negative or zero time parameter.");
        }
        return millis;
    }

    private static long epoch(String word) throws ConfigException {
        try {
            return Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            throw new ConfigException("'" + word + "' is not an epoch");
        }
    }

    private static long number(String word, long least, long most) throws ConfigException {
        try {
            long number = Long.parseLong(word);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("'" + word + "' is not a number, or out of its range");
    }
}
