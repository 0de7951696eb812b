package dev.redisreplication.node.acl;

import dev.redisreplication.node.memory.ByteText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The file that the directive aclfile names: a line {@code user <name> <rules>} for each user. */
final class AclFile {
    private AclFile() {}

    /** Its lines; {@code name} is what errors call it. */
    static List<String> read(Path file, String name) throws AclException {
        try {
            return List.of(ByteText.of(Files.readAllBytes(file)).split("\n", -1));
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "No such file or directory" : e.toString();
            throw new AclException("Error loading ACLs, opening file '" + name + "': " + reason);
        }
    }

    /** Replaces it as a whole, once the new one is on the disk. */
    static void write(Path file, List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        Path next = file.resolveSibling(
                file.getFileName() + ".tmp-" + ProcessHandle.current().pid());
        try (FileChannel out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(ByteText.bytes(text.toString()));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }
}
