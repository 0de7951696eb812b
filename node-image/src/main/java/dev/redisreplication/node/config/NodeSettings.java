package dev.redisreplication.node.config;

import static dev.redisreplication.node.config.Directives.CLIENT_OUTPUT_BUFFER_LIMIT;
import static dev.redisreplication.node.config.Directives.MASTERAUTH;
import static dev.redisreplication.node.config.Directives.MASTERAUTH_FILE;
import static dev.redisreplication.node.config.Directives.REQUIREPASS;
import static dev.redisreplication.node.config.Directives.REQUIREPASS_FILE;
import static dev.redisreplication.node.config.Directives.SAVE;

import java.util.ArrayList;
import java.util.Collection;
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
import java.util.function.Supplier;

/**
 * The values in force: an immutable snapshot, exchanged as a whole by a change. Sources are applied in order of
 * precedence (file, environment, flags) by {@link #set}; CONFIG SET comes by {@link #change}.
 */
public final class NodeSettings implements Settings {
    private volatile Values values = Values.INITIAL;
    private final Map<Directive<?>, List<Runnable>> listeners = new HashMap<>();
    private final Map<Directive<?>, Bound> bounds = new HashMap<>();
    private final Map<Directive<?>, List<Preparation>> preparations = new HashMap<>();
    private final Set<Directive<?>> touched = new HashSet<>();
    private final Set<String> forgotten = new HashSet<>();
    private String file = "";
    private final List<UserLine> users = new ArrayList<>();
    private final Set<String> usersOfFlags = new HashSet<>();
    private final Map<String, String> renamedCommands = new HashMap<>();
    private Supplier<List<String>> userLines;
    private boolean passwordLater;
    /** What {@code requirepass} may be as well, by its file. */
    private volatile List<String> earlierPasswords = List.of();
    /** What a master may still want in place of {@code masterauth}. */
    private volatile List<String> earlierMasterAuth = List.of();

    /**
     * A line {@code user} of the file, or a flag of that name, whose rules {@code acl} reads.
     *
     * @param place where it stands
     */
    public record UserLine(String name, List<String> rules, String place) {}

    private record Bound(long most, String refusal) {}

    /** Absolute path of the redis.conf that was read, or "". */
    public String file() {
        return file;
    }

    void file(String path) {
        file = path;
    }

    /** Whether there is such a directive, under this or an older name. */
    public static boolean known(String name) {
        return isUser(name) || isRename(name) || Directives.find(name) != null || Directives.line(name) != null;
    }

    /** Whether it is {@code user}, which is no value that CONFIG GET and CONFIG SET know, in Redis neither. */
    static boolean isUser(String name) {
        return name.equalsIgnoreCase("user");
    }

    private static boolean isRename(String name) {
        return name.equalsIgnoreCase("rename-command");
    }

    /** What {@code rename-command} says: new names of commands by their own, in lower case; "" where clients cannot call one. */
    public Map<String, String> renamedCommands() {
        return Map.copyOf(renamedCommands);
    }

    /** The lines {@code user}, of the file and of the flags. */
    public List<UserLine> users() {
        return List.copyOf(users);
    }

    /** Where the line stands that was read last. */
    void placeOfUser(String place) {
        UserLine line = users.removeLast();
        users.add(new UserLine(line.name, line.rules, place));
    }

    /** A flag {@code --user}, which counts more than the line of the file for that user. */
    void userOfFlag(List<String> words, String place) throws ConfigException {
        if (!words.isEmpty() && usersOfFlags.add(words.getFirst())) {
            users.removeIf(line -> line.name.equals(words.getFirst()));
            passwordLater &= !words.getFirst().equals("default");
        }
        set("user", words);
        placeOfUser(place);
    }

    /** Sets who knows the lines {@code user} that CONFIG REWRITE is to write. */
    public void userLines(Supplier<List<String>> lines) {
        userLines = lines;
    }

    /** The lines {@code user} for the file, or null where nobody knows them. */
    List<String> userLines() {
        return userLines == null ? null : userLines.get();
    }

    /** {@code requirepass} comes from a source that counts more than the file. */
    void passwordLater() {
        passwordLater = true;
    }

    /** Whether {@code requirepass} counts more than the lines {@code user}. */
    public boolean isPasswordLater() {
        return passwordLater;
    }

    /**
     * Called when all sources have been read.
     *
     * @throws ConfigException when a password is given twice, by itself and by a file
     */
    void settlePasswords() throws ConfigException {
        for (Directive<String> directive : List.of(REQUIREPASS, MASTERAUTH)) {
            boolean byItself = !get(directive).isEmpty() || (directive == REQUIREPASS && aLineHasPasswords());
            if (byItself && isFromFile(directive)) {
                throw new ConfigException(
                        directive + " and " + directive + "-file are both set: remove one of the two");
            }
        }
    }

    private boolean aLineHasPasswords() {
        return users.stream()
                .filter(line -> line.name.equals("default"))
                .flatMap(line -> line.rules.stream())
                .anyMatch(rule -> rule.startsWith(">") || rule.startsWith("#") || rule.equalsIgnoreCase("nopass"));
    }

    /** Whether the directive's value comes from a file of its own, as passwords may. */
    public boolean isFromFile(Directive<?> directive) {
        return (directive == REQUIREPASS && !get(REQUIREPASS_FILE).isEmpty())
                || (directive == MASTERAUTH && !get(MASTERAUTH_FILE).isEmpty());
    }

    /** Whether it is accepted without having an effect here. */
    public static boolean inert(String name) {
        Directive<?> d = Directives.find(name);
        return d != null && d.inert();
    }

    /** Directives that somebody set to something else than the default, and that have no effect here. */
    public List<String> inertInUse() {
        List<String> names = new ArrayList<>();
        for (Directive<?> d : touched) {
            if (d.inert() && !text(d).equals(d.initial())) {
                names.add(d.name());
            }
        }
        names.addAll(forgotten);
        names.sort(null);
        return names;
    }

    /** Sets a directive at the start. Lines of save and of client-output-buffer-limit add up, as in Redis. */
    public void set(String name, List<String> words) throws ConfigException {
        if (isUser(name)) {
            if (words.isEmpty()) {
                throw new ConfigException("wrong number of arguments");
            }
            if (users.stream().anyMatch(line -> line.name.equals(words.getFirst()))) {
                throw new ConfigException("there is a line for this user already");
            }
            users.add(new UserLine(words.getFirst(), List.copyOf(words.subList(1, words.size())), ""));
            return;
        }
        if (isRename(name)) {
            if (words.size() != 2) {
                throw new ConfigException("wrong number of arguments");
            }
            renamedCommands.put(
                    words.get(0).toLowerCase(Locale.ROOT), words.get(1).toLowerCase(Locale.ROOT));
            return;
        }
        Directive<?> d = Directives.find(name);
        String reason = Directives.line(name);
        if (d == null && reason != null && reason.isEmpty()) {
            forgotten.add(name.toLowerCase(Locale.ROOT));
            return;
        }
        if (d == null) {
            throw new ConfigException(reason == null ? "Bad directive or wrong number of arguments" : reason);
        }
        String value = d.check(words);
        String before = text(d);
        if (d == SAVE && touched.contains(d) && !value.isEmpty() && !before.isEmpty()) {
            value = before + " " + value;
        }
        touched.add(d);
        values = values.with(Map.of(d, merged(d, value)));
    }

    private String merged(Directive<?> d, String value) throws ConfigException {
        return d == CLIENT_OUTPUT_BUFFER_LIMIT ? OutputLimits.merge(text(d), value) : value;
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
        Map<Directive<?>, String> checked = new LinkedHashMap<>();
        for (Map.Entry<String, String> e : changes.entrySet()) {
            String name = e.getKey().toLowerCase(Locale.ROOT);
            Directive<?> d = Directives.find(name);
            try {
                checked.put(d, bounded(d, merged(d, d.check(List.of(e.getValue())))));
            } catch (ConfigException x) {
                return failed(name, x.getMessage());
            }
        }
        Values next = values.with(checked);
        Map<Preparation, Preparation.Ready> ready = new LinkedHashMap<>();
        for (Directive<?> d : checked.keySet()) {
            try {
                for (Preparation each : preparations.getOrDefault(d, List.of())) {
                    if (!ready.containsKey(each)) {
                        ready.put(each, each.prepare(d, next));
                    }
                }
            } catch (ConfigException x) {
                ready.values().forEach(Preparation.Ready::cancel);
                return failed(d.name(), x.getMessage());
            }
        }
        values = next;
        ready.values().forEach(Preparation.Ready::commit);
        if (checked.containsKey(REQUIREPASS)) {
            earlierPasswords = List.of();
        }
        if (checked.containsKey(MASTERAUTH)) {
            earlierMasterAuth = List.of();
        }
        checked.keySet().forEach(this::tell);
        return null;
    }

    private void tell(Directive<?> d) {
        listeners.getOrDefault(d, List.of()).forEach(Runnable::run);
    }

    /**
     * What {@code requirepass-file} says: each of these is a password of the default user.
     *
     * @param passwords the one in force first, which CONFIG GET shows; at least one
     */
    public void passwords(List<String> passwords) {
        earlierPasswords = List.copyOf(passwords.subList(1, passwords.size()));
        record(REQUIREPASS, passwords.getFirst());
        tell(REQUIREPASS);
    }

    /**
     * What {@code masterauth-file} says.
     *
     * @param passwords the one to be tried first is the first; at least one
     */
    public void masterPasswords(List<String> passwords) {
        earlierMasterAuth = List.copyOf(passwords.subList(1, passwords.size()));
        record(MASTERAUTH, passwords.getFirst());
        tell(MASTERAUTH);
    }

    /** Passwords that the default user may have; none when it needs none. */
    public List<String> passwords() {
        return all(REQUIREPASS, earlierPasswords);
    }

    /** Passwords that the master may take, the most likely one first; none when it needs none. */
    public List<String> masterPasswords() {
        return all(MASTERAUTH, earlierMasterAuth);
    }

    private List<String> all(Directive<String> directive, List<String> earlier) {
        String first = get(directive);
        if (first.isEmpty()) {
            return List.of();
        }
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(earlier);
        return all;
    }

    /** Why CONFIG SET cannot change these directives whatever the values are, by the first that is unfit; or null. */
    public static String refuse(List<String> names) {
        Set<Directive<?>> seen = new HashSet<>();
        for (String name : names) {
            Directive<?> d = Directives.find(name);
            if (d == null) {
                return "ERR Unknown option or number of arguments for CONFIG SET - '" + name.split("\0", 2)[0]
                        + "'"; // as a C string ends
            }
            if (d.change() != Directive.Change.LIVE) {
                boolean guarded = d.change() == Directive.Change.GUARDED;
                return failed(name, guarded ? "can't set protected config" : "can't set immutable config");
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
        Directive<?> d = Directives.find(name);
        boolean whole = d == null || d == REQUIREPASS || d == MASTERAUTH || d.shape() == Kind.Shape.NUMBER;
        int nul = whole ? -1 : value.indexOf('\0');
        return nul < 0 ? value : value.substring(0, nul);
    }

    private static String failed(String name, String why) {
        return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
    }

    /** Lets CONFIG SET refuse a number greater than {@code most}, which this machine cannot give; at the start. */
    public void bound(Directive<Long> directive, long most, String refusal) {
        bounds.put(directive, new Bound(most, refusal));
    }

    /** Has something be made ready before CONFIG SET changes any of these, which is refused if that fails; at the start. */
    public void prepare(Collection<? extends Directive<?>> directives, Preparation preparation) {
        directives.forEach(
                d -> preparations.computeIfAbsent(d, x -> new ArrayList<>(1)).add(preparation));
    }

    private String bounded(Directive<?> d, String value) throws ConfigException {
        Bound bound = bounds.get(d);
        if (bound != null && Long.parseLong(value) > bound.most) {
            throw new ConfigException(bound.refusal);
        }
        return value;
    }

    /**
     * Sets a value that the node itself has changed, such as replicaof by the command REPLICAOF; tells no listener.
     *
     * @param value in canonical form
     */
    public void record(Directive<?> directive, String value) {
        values = values.with(Map.of(directive, value));
    }

    /** CONFIG GET: every directive whose name is wanted, older names too, sorted. */
    public Map<String, String> matching(Predicate<String> wanted) {
        Map<String, String> found = new TreeMap<>();
        Values now = values;
        Directives.byName().forEach((name, d) -> {
            if (wanted.test(name)) {
                found.put(name, now.text(d));
            }
        });
        return found;
    }

    /** Directives that differ from their default, with their values as a line of redis.conf would have them. */
    Map<String, String> changed() {
        Map<String, String> found = new TreeMap<>();
        for (Directive<?> d : Directives.all()) {
            if (!text(d).equals(d.initial()) && !isFromFile(d)) {
                found.put(d.name(), line(d));
            }
        }
        return found;
    }

    /** A whole line of redis.conf for the directive's present value. */
    String line(Directive<?> d) {
        String value = text(d);
        boolean asIs = d.shape() == Kind.Shape.WORDS && !value.isEmpty();
        return d.name() + " " + (asIs ? value : Words.quote(value));
    }

    @Override
    public <T> T get(Directive<T> directive) {
        return values.get(directive);
    }

    @Override
    public String text(Directive<?> directive) {
        return values.text(directive);
    }

    @Override
    public <T> void onChange(Directive<T> directive, Consumer<T> listener) {
        listeners.computeIfAbsent(directive, x -> new ArrayList<>(1)).add(() -> listener.accept(get(directive)));
    }
}
