package dev.redisreplication.node.server;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.config.PasswordFile;
import dev.redisreplication.node.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Follows the files that {@code requirepass-file} and {@code masterauth-file} name: what they say is in force a second later.
 * A file that cannot be used changes nothing, so that nobody gets in without a password. On the event loop: such files are
 * a few bytes in memory.
 */
final class PasswordFiles {
    private static final int EVERY_MILLIS = 1000;

    private final Directive<String> directive;
    private final Path file;
    private final Consumer<List<String>> taker;
    private List<String> taken = List.of();
    private String problem = "";

    private PasswordFiles(Directive<String> directive, String file, Consumer<List<String>> taker) {
        this.directive = directive;
        this.file = Path.of(file).toAbsolutePath();
        this.taker = taker;
    }

    /**
     * Takes what the files say now, and looks at them from then on.
     *
     * @throws IOException when one of them has no password now
     */
    static void follow(Node node) throws IOException {
        NodeSettings settings = node.settings();
        follow(node, Directives.REQUIREPASS_FILE, settings::passwords);
        follow(node, Directives.MASTERAUTH_FILE, settings::masterPasswords);
    }

    private static void follow(Node node, Directive<String> directive, Consumer<List<String>> taker)
            throws IOException {
        String file = node.settings().get(directive);
        if (file.isEmpty()) {
            return;
        }
        PasswordFiles followed = new PasswordFiles(directive, file, taker);
        try {
            followed.take();
        } catch (ConfigException e) {
            throw new IOException(directive + " " + e.getMessage(), e);
        }
        node.loop().every(EVERY_MILLIS, followed::look);
    }

    private void take() throws ConfigException {
        // By content: a mounted Secret changes by a link that leads to another folder.
        List<String> now = PasswordFile.read(file);
        if (!now.equals(taken)) {
            taken = now;
            taker.accept(now);
        }
    }

    private void look() {
        String found = "";
        List<String> before = taken;
        try {
            take();
        } catch (ConfigException e) {
            found = e.getMessage();
        }
        if (!found.isEmpty() && !found.equals(problem)) {
            Log.warning(directive + " " + found + "; the passwords of before stay valid");
        } else if (!taken.equals(before)) {
            Log.notice(directive + " " + file + " has changed: " + taken.size() + " passwords are valid");
        }
        problem = found;
    }
}
