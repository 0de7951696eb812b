package dev.redisreplication.node.config;

import dev.redisreplication.node.memory.ByteText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The values in force: an immutable snapshot, exchanged as a whole by a change. Sources are applied in order of
 * precedence (file, environment, flags) by {@link #set}; CONFIG SET comes by {@link #change}.
 */
public final class NodeSettings implements Settings {
    private volatile Map<String, String> values;
    private final Map<String, List<Consumer<Settings>>> listeners = new HashMap<>();
    private final Map<String, Bound> bounds = new HashMap<>();
    private final Set<String> touched = new HashSet<>();
    private String file = "";
    private volatile DefaultUser user;
    /** What a master may still want in place of {@code masterauth}. */
    private volatile List<String> earlierMasterAuth = List.of();

    private record Bound(long most, String refusal) {}

    /** Everything at its default. */
    public NodeSettings() {
        Map<String, String> initial = new HashMap<>(512);
        for (Directive d : Directives.BY_NAME.values()) {
            initial.put(d.name(), d.initial());
        }
        values = initial;
    }

    /** Absolute path of the redis.conf that was read, or "". */
    public String file() {
        return file;
    }

    void file(String path) {
        file = path;
    }

    /** Whether there is such a directive, under this or an older name. */
    public static boolean known(String name) {
        return isUser(name) || Directives.BY_NAME.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** Whether it is {@code user}, which is no value that CONFIG GET and CONFIG SET know, in Redis neither. */
    static boolean isUser(String name) {
        return name.equalsIgnoreCase("user");
    }

    /** Who may log in by a line {@code user default ...}, or null when {@code requirepass} alone says it. */
    public DefaultUser user() {
        return user;
    }

    /** {@code requirepass} was set later: it alone says what the password is, as in Redis. */
    void forgetUser() {
        user = null;
    }

    /**
     * Brings the lines {@code user} and {@code requirepass} of a file together.
     *
     * @throws ConfigException when they say different things
     */
    void settleUser() throws ConfigException {
        String password = text("requirepass");
        if (user == null || password.isEmpty()) {
            return;
        }
        if (!user.accepts(ByteText.bytes(password))) {
            throw new ConfigException(
                    "requirepass is set to a password that this line does not know: remove one of the two");
        }
        if (user.hashes().size() == 1) {
            user = null;
        }
    }

    /**
     * Called when all sources have been read.
     *
     * @throws ConfigException when a password is given twice, by itself and by a file
     */
    void settlePasswords() throws ConfigException {
        for (String directive : List.of("requirepass", "masterauth")) {
            boolean byItself = !text(directive).isEmpty() || (directive.equals("requirepass") && user != null);
            if (byItself && isFromFile(directive)) {
                throw new ConfigException(
                        directive + " and " + directive + "-file are both set: remove one of the two");
            }
        }
    }

    /** Whether the directive's value comes from a file of its own, as passwords may. */
    boolean isFromFile(String directive) {
        return !values.getOrDefault(directive + "-file", "").isEmpty();
    }

    /** Whether it is accepted without having an effect here. */
    public static boolean inert(String name) {
        Directive d = Directives.BY_NAME.get(name.toLowerCase(Locale.ROOT));
        return d != null && d.inert();
    }

    /** Directives that somebody set to something else than the default, and that have no effect here. */
    public List<String> inertInUse() {
        List<String> names = new ArrayList<>();
        for (String name : touched) {
            Directive d = Directives.BY_NAME.get(name);
            if (d.inert() && !values.get(name).equals(d.initial())) {
                names.add(name);
            }
        }
        names.sort(null);
        return names;
    }

    /** Sets a directive at the start. Lines of save and of client-output-buffer-limit add up, as in Redis. */
    public void set(String name, List<String> words) throws ConfigException {
        if (isUser(name)) {
            if (user != null) {
                throw new ConfigException("there is a line for this user already");
            }
            user = DefaultUser.parse(words);
            return;
        }
        Directive d = Directives.BY_NAME.get(name.toLowerCase(Locale.ROOT));
        if (d == null) {
            throw new ConfigException("Bad directive or wrong number of arguments");
        }
        String value = d.check(words);
        String before = values.get(d.name());
        if (d.name().equals("save") && touched.contains("save") && !value.isEmpty() && !before.isEmpty()) {
            value = before + " " + value;
        }
        touched.add(d.name());
        put(Map.of(d.name(), merged(d, value)));
    }

    private String merged(Directive d, String value) throws ConfigException {
        if (!d.name().equals("client-output-buffer-limit")) {
            return value;
        }
        List<String> before = List.of(values.get(d.name()).split(" ", -1));
        Map<String, String> all = WordLists.limits(Map.of(), before);
        return String.join(
                " ", WordLists.limits(all, List.of(value.split(" ", -1))).values());
    }

    private void put(Map<String, String> changes) {
        Map<String, String> next = new HashMap<>(values);
        next.putAll(changes);
        values = next;
    }

    /**
     * CONFIG SET: all of {@code changes} or none, checked before the first takes effect.
     *
     * @param changes by name, in the order given
     * @return null when done, or the reply's error text
     */
    public String change(Map<String, String> changes) {
        String unfit = refuse(List.copyOf(changes.keySet()));
        if (unfit != null) {
            return unfit;
        }
        Map<String, String> checked = new LinkedHashMap<>();
        for (Map.Entry<String, String> e : changes.entrySet()) {
            String name = e.getKey().toLowerCase(Locale.ROOT);
            Directive d = Directives.BY_NAME.get(name);
            try {
                checked.put(d.name(), bounded(d, merged(d, d.check(List.of(e.getValue())))));
            } catch (ConfigException x) {
                return failed(name, x.getMessage());
            }
        }
        put(checked);
        if (checked.containsKey("requirepass")) {
            forgetUser();
        }
        if (checked.containsKey("masterauth")) {
            earlierMasterAuth = List.of();
        }
        checked.keySet().forEach(this::tell);
        return null;
    }

    private void tell(String name) {
        listeners.getOrDefault(name, List.of()).forEach(l -> l.accept(this));
    }

    /**
     * What {@code requirepass-file} says: each of these is a password of the default user.
     *
     * @param passwords the one in force first, which CONFIG GET shows; at least one
     */
    public void passwords(List<String> passwords) {
        user = passwords.size() == 1 ? null : DefaultUser.of(passwords);
        record("requirepass", passwords.getFirst());
        tell("requirepass");
    }

    /**
     * What {@code masterauth-file} says.
     *
     * @param passwords the one to be tried first is the first; at least one
     */
    public void masterPasswords(List<String> passwords) {
        earlierMasterAuth = List.copyOf(passwords.subList(1, passwords.size()));
        record("masterauth", passwords.getFirst());
        tell("masterauth");
    }

    /** Passwords that the master may take, the most likely one first; none when it needs none. */
    public List<String> masterPasswords() {
        String first = text("masterauth");
        if (first.isEmpty()) {
            return List.of();
        }
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(earlierMasterAuth);
        return all;
    }

    /** Why CONFIG SET cannot change these directives whatever the values are, by the first that is unfit; or null. */
    public static String refuse(List<String> names) {
        Set<Directive> seen = new HashSet<>();
        for (String name : names) {
            Directive d = Directives.BY_NAME.get(name.toLowerCase(Locale.ROOT));
            if (d == null) {
                return "ERR Unknown option or number of arguments for CONFIG SET - '" + name.split("\0", 2)[0]
                        + "'"; // as a C string ends
            }
            if (d.fixed()) {
                return failed(name, d.guarded() ? "can't set protected config" : "can't set immutable config");
            }
            if (!seen.add(d)) {
                return failed(name, "duplicate parameter");
            }
        }
        return null;
    }

    /**
     * What CONFIG SET takes of a value: as C reads strings it ends at a NUL. Passwords are bytes as they are, and a number
     * with a NUL is none.
     */
    public static String asRead(String name, String value) {
        Directive d = Directives.BY_NAME.get(name.toLowerCase(Locale.ROOT));
        boolean whole = d == null || d.name().equals("requirepass") || d.name().equals("masterauth") || d.isNumber();
        int nul = whole ? -1 : value.indexOf('\0');
        return nul < 0 ? value : value.substring(0, nul);
    }

    private static String failed(String name, String why) {
        return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
    }

    /** Lets CONFIG SET refuse a number greater than {@code most}, which this machine cannot give; at the start. */
    public void bound(String directive, long most, String refusal) {
        bounds.put(directive, new Bound(most, refusal));
    }

    private String bounded(Directive d, String value) throws ConfigException {
        Bound bound = bounds.get(d.name());
        if (bound != null && Long.parseLong(value) > bound.most) {
            throw new ConfigException(bound.refusal);
        }
        return value;
    }

    /** Sets a value that the node itself has changed, such as replicaof by the command REPLICAOF; tells no listener. */
    public void record(String name, String value) {
        put(Map.of(name, value));
    }

    /** CONFIG GET: every directive whose name is wanted, older names too, sorted. */
    public Map<String, String> matching(Predicate<String> wanted) {
        Map<String, String> found = new TreeMap<>();
        Map<String, String> now = values;
        for (Map.Entry<String, Directive> e : Directives.BY_NAME.entrySet()) {
            if (wanted.test(e.getKey())) {
                found.put(e.getKey(), now.get(e.getValue().name()));
            }
        }
        return found;
    }

    /** Directives that differ from their default, with their values as a line of redis.conf would have them. */
    Map<String, String> changed() {
        Map<String, String> found = new TreeMap<>();
        for (Directive d : Directives.BY_NAME.values()) {
            String value = values.get(d.name());
            if (!value.equals(d.initial()) && !isFromFile(d.name())) {
                found.put(d.name(), line(d, value));
            }
        }
        return found;
    }

    /** A whole line of redis.conf for the directive's present value. */
    String line(String name) {
        Directive d = Directives.BY_NAME.get(name);
        return line(d, values.get(d.name()));
    }

    private static String line(Directive d, String value) {
        if (d.name().equals("replicaof") && value.isEmpty()) {
            return "replicaof no one";
        }
        boolean asIs = d.kind().equals("words") && !value.isEmpty();
        return d.name() + " " + (asIs ? value : Words.quote(value));
    }

    @Override
    public String text(String directive) {
        String value = values.get(directive);
        if (value == null) {
            throw new IllegalArgumentException("no directive " + directive);
        }
        return value;
    }

    @Override
    public long number(String directive) {
        return Long.parseLong(text(directive));
    }

    @Override
    public boolean yes(String directive) {
        return text(directive).equals("yes");
    }

    @Override
    public void onChange(String directive, Consumer<Settings> listener) {
        text(directive);
        listeners.computeIfAbsent(directive, x -> new ArrayList<>(1)).add(listener);
    }
}
