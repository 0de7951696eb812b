package dev.redisreplication.node.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Changes of files and folders, one system call a method. Any thread. Each may fail, and none takes back what was done
 * before; a name is sure to outlive a crash of the machine only once its folder was {@linkplain #sync synced}.
 */
public interface Disk {
    /** Makes a new, empty file for writing and reading; one that is there already is emptied. */
    DiskFile create(Path file) throws IOException;

    /** Opens a file that is there, to write at its end. */
    DiskFile append(Path file) throws IOException;

    /** Gives a file another name in one step; what had that name before is gone. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file; none is fine, too. */
    void delete(Path file) throws IOException;

    /** Makes a folder and those above it; one that is there already is fine. */
    void makeFolder(Path folder) throws IOException;

    /** Makes what was created, renamed and removed in a folder outlive a crash of the machine. */
    void sync(Path folder) throws IOException;
}
