package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.APPENDDIRNAME;
import static dev.redisreplication.node.config.Directives.DBFILENAME;
import static dev.redisreplication.node.config.Directives.DIR;

import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that do not load, put aside under another name, so that the node can begin anew. Nothing is ever removed. */
public final class UnloadableFiles {
    private UnloadableFiles() {}

    /**
     * Renames the dump and the append-only directory, as far as they are there.
     *
     * @param mark what tells these from others that were put aside before
     * @return the names that they have now
     * @throws IOException when one cannot be renamed; those before it are
     */
    public static List<String> putAside(Settings settings, String mark) throws IOException {
        Path dir = Path.of(settings.get(DIR));
        List<String> names = new ArrayList<>();
        for (Directive<String> directive : List.of(APPENDDIRNAME, DBFILENAME)) {
            Path file = dir.resolve(settings.get(directive));
            if (Files.exists(file)) {
                Path aside = file.resolveSibling(file.getFileName() + ".unloadable-" + mark);
                Files.move(file, aside);
                names.add(aside.getFileName().toString());
            }
        }
        return names;
    }
}
