package dev.redisreplication.sandbox.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files of a Secret or a ConfigMap in a volume, changed as a kubelet changes them: a new folder is written, then one link,
 * {@code ..data}, is moved to it. Each key is a link through that one, so that a reader sees all of before or all of after.
 */
final class ProjectedFiles {
    private static final String DATA = "..data";

    private ProjectedFiles() {}

    /**
     * Makes the volume hold these files and no others; does nothing when it does already.
     *
     * @param mode permission bits, as in {@code defaultMode}
     */
    static void write(Path volume, Map<String, byte[]> files, int mode) throws IOException {
        Path data = volume.resolve(DATA);
        if (Files.isSymbolicLink(data) && holds(data, files)) {
            return;
        }
        Path before = Files.isSymbolicLink(data) ? volume.resolve(Files.readSymbolicLink(data)) : null;
        Path version = Files.createDirectory(volume.resolve(".." + UUID.randomUUID()));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = Files.write(version.resolve(file.getKey()), file.getValue());
            Files.setPosixFilePermissions(path, permissions(mode));
        }
        Path link = Files.createSymbolicLink(volume.resolve(DATA + "_tmp"), version.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String key : files.keySet()) {
            if (!Files.isSymbolicLink(volume.resolve(key))) {
                Files.createSymbolicLink(volume.resolve(key), Path.of(DATA, key));
            }
        }
        for (Path entry : entries(volume)) {
            String name = entry.getFileName().toString();
            if (!name.startsWith("..") && !files.containsKey(name)) {
                Files.delete(entry);
            }
        }
        if (before != null) {
            for (Path file : entries(before)) {
                Files.delete(file);
            }
            Files.delete(before);
        }
    }

    private static boolean holds(Path data, Map<String, byte[]> files) throws IOException {
        if (entries(data).size() != files.size()) {
            return false;
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = data.resolve(file.getKey());
            if (!Files.exists(path) || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** The bits in the order of the enumeration: owner, group and others may read, write, execute. */
    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode >> (all.length - 1 - i) & 1) == 1) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
