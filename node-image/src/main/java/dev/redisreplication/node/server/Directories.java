package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.DIR;
import static dev.redisreplication.node.config.Directives.LOGFILE;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.NodeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directive dir. A Java process cannot change its directory, so the value is made absolute instead. */
final class Directories {
    private Directories() {}

    static void enter(NodeSettings settings) throws ConfigException {
        Path dir = Path.of(settings.get(DIR)).toAbsolutePath().normalize();
        if (!Files.isDirectory(dir)) {
            throw new ConfigException("dir: Can't chdir to '" + dir + "': no such directory");
        }
        settings.set("dir", List.of(dir.toString()));
        String log = settings.get(LOGFILE);
        if (!log.isEmpty()) {
            settings.set("logfile", List.of(dir.resolve(log).toString()));
        }
    }
}
