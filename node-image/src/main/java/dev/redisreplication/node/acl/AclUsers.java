package dev.redisreplication.node.acl;

import static dev.redisreplication.node.config.Directives.ACLFILE;
import static dev.redisreplication.node.config.Directives.ACLLOG_MAX_LEN;
import static dev.redisreplication.node.config.Directives.ACL_PUBSUB_DEFAULT;
import static dev.redisreplication.node.config.Directives.DIR;
import static dev.redisreplication.node.config.Directives.REQUIREPASS;

import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Denial;
import dev.redisreplication.node.command.User;
import dev.redisreplication.node.command.Users;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** All users, and the log of what they may not do. On the event loop. */
public final class AclUsers implements Users {
    private static final String DEFAULT = "default";
    private static final int MOST_LOGGED = 1024; // bytes of a key

    private final NodeSettings settings;
    private final Function<Client, String> describer;
    private final Consumer<Denial.Reason> counter;
    private final Selector.FoundKeys found = new Selector.FoundKeys();
    private final AclLog log = new AclLog();
    private CommandTable table;
    private AclUser standard;
    private Map<String, AclUser> users = sorted();
    private List<Runnable> standardChanged = List.of();

    /**
     * Nobody yet: {@link #start} comes before the first connection.
     *
     * @param describer a client as CLIENT LIST shows it
     * @param counter is told of each denial
     */
    public AclUsers(NodeSettings settings, Function<Client, String> describer, Consumer<Denial.Reason> counter) {
        this.settings = settings;
        this.describer = describer;
        this.counter = counter;
    }

    private static Map<String, AclUser> sorted() {
        return new TreeMap<>((a, b) -> Arrays.compareUnsigned(ByteText.bytes(a), ByteText.bytes(b)));
    }

    private Rules firstRules() {
        return builder(null).applyAll("+@all", "~*", "&*", "on", "nopass").build();
    }

    private RulesBuilder builder(Rules from) {
        boolean allChannels = settings.get(ACL_PUBSUB_DEFAULT).equals("allchannels");
        return from == null ? new RulesBuilder(table, allChannels) : new RulesBuilder(table, allChannels, from);
    }

    /**
     * The user {@code default}, who may do everything unless something else is said. Reads the lines {@code user} of redis.conf or the file that aclfile names, and the password of the default user, which it
     * follows from then on.
     *
     * @param commands all there are
     * @throws AclException when there is a mistake in them, which the message names with its place
     */
    public void start(CommandTable commands) throws AclException {
        table = commands;
        standard = new AclUser(DEFAULT, firstRules(), found);
        users.put(DEFAULT, standard);
        if (!settings.get(ACLFILE).isEmpty() && !settings.users().isEmpty()) {
            throw new AclException("users are declared by lines 'user' of the configuration file, and aclfile is set:"
                    + " use one of the two, as it would not be clear which of them says who may do what");
        }
        boolean declared = false;
        for (NodeSettings.UserLine line : settings.users()) {
            declared |= line.name().equals(DEFAULT);
            declare(line);
        }
        boolean fromElsewhere = !declared || settings.isPasswordLater() || settings.isFromFile(REQUIREPASS);
        String password = settings.get(REQUIREPASS);
        if (!password.isEmpty() && fromElsewhere) {
            takePasswords();
        } else if (!password.isEmpty() && !standard.rules().accepts(ByteText.bytes(password))) {
            String place = settings.users().stream()
                    .filter(line -> line.name().equals(DEFAULT))
                    .findFirst()
                    .orElseThrow()
                    .place();
            throw new AclException(
                    place + ": requirepass is set to a password that this line does not know: remove one of the two");
        }
        if (!settings.get(ACLFILE).isEmpty()) {
            load();
        }
        settings.onChange(REQUIREPASS, x -> takePasswords());
        settings.userLines(this::configurationLines);
    }

    private void declare(NodeSettings.UserLine line) throws AclException {
        if (RuleWords.hasBlank(line.name())) {
            throw new AclException(line.place() + ": usernames can't contain spaces or null characters");
        }
        boolean known = line.name().equals(DEFAULT);
        RulesBuilder builder = builder(known ? standard.rules() : null);
        if (known) {
            builder.applyAll("reset");
        }
        try {
            for (String rule : RuleWords.rules(line.rules())) {
                apply(builder, rule, line.place() + ": Error in user declaration '" + rule + "': ");
            }
        } catch (RuleWords.Unmatched e) {
            throw new AclException(
                    line.place() + ": Unmatched parenthesis in acl selector starting at '" + e.getMessage() + "'.");
        }
        put(line.name(), builder.build());
    }

    private static void apply(RulesBuilder builder, String rule, String place) throws AclException {
        try {
            builder.apply(rule);
        } catch (RuleException e) {
            throw new AclException(place + e.getMessage());
        }
    }

    /** What requirepass and its file say is all that the default user takes; its other rules stay. */
    private void takePasswords() {
        RulesBuilder builder = builder(standard.rules()).applyAll("resetpass");
        List<String> passwords = settings.passwords();
        if (passwords.isEmpty()) {
            builder.applyAll("nopass");
        }
        passwords.forEach(password -> builder.applyAll(">" + password));
        put(DEFAULT, builder.build());
    }

    /** Is run whenever the rules of the default user have changed. */
    public void onChangeOfStandard(Runnable action) {
        List<Runnable> all = new ArrayList<>(standardChanged);
        all.add(action);
        standardChanged = List.copyOf(all);
    }

    /**
     * The rules that a user would have after {@code words}, the arguments of ACL SETUSER.
     *
     * @throws AclException with the text of the reply
     */
    public Rules staged(String name, List<String> words) throws AclException {
        if (RuleWords.hasBlank(name)) {
            throw new AclException("Usernames can't contain spaces or null characters");
        }
        AclUser user = users.get(name);
        RulesBuilder builder = builder(user == null ? null : user.rules());
        try {
            for (String rule : RuleWords.rules(words)) {
                apply(builder, rule, "Error in ACL SETUSER modifier '" + shown(rule) + "': ");
            }
        } catch (RuleWords.Unmatched e) {
            throw new AclException(
                    "Unmatched parenthesis in acl selector starting at '" + shown(e.getMessage()) + "'.");
        }
        return builder.build();
    }

    /** As C shows it: a NUL ends it. */
    private static String shown(String word) {
        int nul = word.indexOf('\0');
        return nul < 0 ? word : word.substring(0, nul);
    }

    /** Exchanges the rules of a user, who is added if there is none of that name. */
    public void put(String name, Rules rules) {
        AclUser user = users.get(name);
        if (user == null) {
            users.put(name, new AclUser(name, rules, found));
            return;
        }
        user.rules(rules);
        if (name.equals(DEFAULT)) {
            standardChanged.forEach(Runnable::run);
        }
    }

    /** Removes a user; null if there was none. Not the default one. */
    public AclUser remove(String name) {
        return users.remove(name);
    }

    /** All users, by their names. */
    public List<AclUser> all() {
        return List.copyOf(users.values());
    }

    /** What users tried and may not do. */
    public AclLog log() {
        return log;
    }

    /** A line for each user, as in a file. */
    public List<String> lines() {
        return users.values().stream()
                .map(user -> "user " + user.name() + " " + user.rules().describe())
                .toList();
    }

    /** The lines for redis.conf: none if users have a file, or where requirepass says it all. */
    private List<String> configurationLines() {
        if (!settings.get(ACLFILE).isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (AclUser user : users.values()) {
            if (user != standard) {
                lines.add("user " + user.name() + " " + user.rules().describe());
            } else if (!isPlain(standard.rules())) {
                lines.add("user default "
                        + withoutPasswordsOfFile(standard.rules()).describe());
            }
        }
        return lines;
    }

    /** Whether the default user may do everything, with the password that the configuration gives. */
    private boolean isPlain(Rules rules) {
        RulesBuilder plain = builder(firstRules()).applyAll("resetpass");
        List<String> passwords = settings.passwords();
        passwords.forEach(password -> plain.applyAll(">" + password));
        if (passwords.isEmpty()) {
            plain.applyAll("nopass");
        }
        if (!rules.sanitize().isEmpty()) {
            plain.applyAll(rules.sanitize());
        }
        return plain.build().describe().equals(rules.describe());
    }

    private Rules withoutPasswordsOfFile(Rules rules) {
        return settings.isFromFile(REQUIREPASS)
                ? builder(rules).applyAll("resetpass").build()
                : rules;
    }

    /** The file that aclfile names, or null. */
    private Path file() {
        String name = settings.get(ACLFILE);
        return name.isEmpty() ? null : Path.of(settings.get(DIR)).resolve(name);
    }

    /** Whether users have a file of their own. */
    public boolean hasFile() {
        return file() != null;
    }

    /** ACL SAVE. */
    public void save() throws IOException {
        AclFile.write(file(), lines());
    }

    /**
     * ACL LOAD: all users are those of the file, or, if there is any mistake in it, none has changed.
     *
     * @return those who were users before, without the default one
     */
    public List<AclUser> load() throws AclException {
        AclFileReader reader = new AclFileReader(settings.get(ACLFILE), () -> builder(null));
        Map<String, Rules> read = reader.read(AclFile.read(file(), settings.get(ACLFILE)));
        List<AclUser> before = all().stream().filter(u -> u != standard).toList();
        users = sorted();
        users.put(DEFAULT, standard);
        put(DEFAULT, read.getOrDefault(DEFAULT, firstRules()));
        if (!read.containsKey(DEFAULT) || settings.isFromFile(REQUIREPASS)) {
            takePasswords(); // the file opens nothing that the configuration closes
        }
        read.forEach((name, rules) -> {
            if (!name.equals(DEFAULT)) {
                put(name, rules);
            }
        });
        return before;
    }

    @Override
    public User standard() {
        return standard;
    }

    @Override
    public boolean standardHasNoPassword() {
        return standard.rules().noPassword();
    }

    @Override
    public boolean isOpen() {
        return standard.rules().noPassword() && standard.rules().on();
    }

    @Override
    public AclUser find(String name) {
        return users.get(name);
    }

    @Override
    public User authenticate(String name, byte[] password) {
        AclUser user = users.get(name);
        return user != null && user.rules().accepts(password) ? user : null;
    }

    @Override
    public void denied(Client client, Context context, CommandRow row, Request request, Denial denial) {
        int i = denial.argument();
        byte[] object = denial.reason() == Denial.Reason.COMMAND
                ? row.name().getBytes(StandardCharsets.US_ASCII)
                : Ascii.bytes(request.address(i), Math.min(request.length(i), MOST_LOGGED));
        note(client, context, denial.reason(), object, client.user().name());
    }

    @Override
    public void refused(Client client, Context context, String command, String name) {
        note(client, context, Denial.Reason.AUTH, ByteText.bytes(command), name);
    }

    private void note(Client client, Context context, Denial.Reason reason, byte[] object, String name) {
        counter.accept(reason);
        String description = client.connection() == null ? "" : describer.apply(client);
        log.add(
                new AclLog.Entry(1, reason, context, object, name, System.currentTimeMillis(), description),
                settings.get(ACLLOG_MAX_LEN));
    }
}
