package dev.redisreplication.node.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text file of commands, a line each, in the quoting of {@code redis-cli}.
 *
 * <p>Lines that begin with {@code #} are comments. {@code !gone key} waits until the key has expired on both servers;
 * {@code !repeat n command} sends the command n times, with every {@code #} in it replaced by 1 to n.
 */
record Script(Path file) {

    /** Plays the script; what is returned names file and line of each difference. At the end all data is compared. */
    List<String> play(Duel duel) throws IOException {
        List<String> differences = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String where = file.getFileName() + ":" + number + ": ";
            playLine(line, duel).ifPresent(difference -> differences.add(where + difference));
        }
        duel.compareContents().forEach(difference -> differences.add("at the end: " + difference));
        return differences;
    }

    private static Optional<Duel.Difference> playLine(String line, Duel duel) throws IOException {
        if (line.isBlank() || line.startsWith("#")) {
            return Optional.empty();
        }
        if (line.startsWith("!gone ")) {
            duel.awaitGone(line.substring("!gone ".length()));
            return Optional.empty();
        }
        if (line.startsWith("!repeat ")) {
            String[] words = line.split(" ", 3);
            int times = Integer.parseInt(words[1]);
            for (int i = 1; i <= times; i++) {
                Optional<Duel.Difference> difference = duel.compare(Commands.parse(words[2].replace("#", "" + i)));
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }
        return duel.compare(Commands.parse(line));
    }
}
