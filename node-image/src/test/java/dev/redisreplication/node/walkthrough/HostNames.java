package dev.redisreplication.node.walkthrough;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * Names of hosts for the processes of one cast: they see a file {@code /etc/hosts} of their own, and ask nobody else. Any program
 * can be led so, without a line in the files of this machine; it needs the right to mount within a namespace.
 */
final class HostNames {
    private static final String MOUNT =
            "mount --bind \"$1/hosts\" /etc/hosts && mount --bind \"$1/nsswitch.conf\" /etc/nsswitch.conf && shift && exec \"$@\"";
    private static final List<String> APART = List.of("unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh");

    private final Path folder; // null: the names of this machine
    private final Map<String, String> known = new TreeMap<>();

    private HostNames(Path folder) {
        this.folder = folder;
    }

    /** Names of a cast's own, or those of this machine. */
    static HostNames own(boolean own, Path folder) throws IOException {
        HostNames names = new HostNames(own ? folder : null);
        if (own) {
            names.write();
        }
        return names;
    }

    /** Skips the test where processes cannot be given other names. */
    static void assumePossible() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("names");
        try {
            HostNames names = own(true, folder);
            List<String> command = new ArrayList<>(names.before());
            command.add("true");
            boolean possible = new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
            Assumptions.assumeTrue(possible, "needs the right to mount a file /etc/hosts for a process (unshare)");
        } catch (IOException e) {
            Assumptions.abort("needs unshare: " + e.getMessage());
        } finally {
            Files.delete(folder.resolve("hosts"));
            Files.delete(folder.resolve("nsswitch.conf"));
            Files.delete(folder);
        }
    }

    boolean areThere() {
        return folder != null;
    }

    /** What is to stand before a program and its arguments. */
    List<String> before() {
        if (folder == null) {
            return List.of();
        }
        List<String> command = new ArrayList<>(APART);
        command.add(folder.toAbsolutePath().toString());
        return command;
    }

    /** From now on this name has this address; null: it is not known. */
    void set(String host, String address) throws IOException {
        if (address == null) {
            known.remove(host);
        } else {
            known.put(host, address);
        }
        write();
    }

    /** Into the same file: another one would not be seen. */
    private void write() throws IOException {
        Files.writeString(folder.resolve("nsswitch.conf"), "hosts: files\n");
        Files.writeString(
                folder.resolve("hosts"),
                known.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey() + "\n")
                        .collect(Collectors.joining()));
    }
}
