package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;

/** A dump that lands in a file, which this node keeps as its own when the dump is loaded. */
final class DiskLanding extends Landing {
    private final Path path;
    private final DiskFile file;

    DiskLanding(Disk disk, Path path) throws IOException {
        this.path = path;
        this.file = disk.create(path);
    }

    @Override
    void put(long address, int length) throws IOException {
        file.writeAll(Memory.segment(address, length).asByteBuffer());
    }

    @Override
    int fetch(long address, int room, long place) throws IOException {
        int done = file.read(Memory.segment(address, room).asByteBuffer(), place);
        if (done <= 0) {
            throw new IOException("the file has become shorter");
        }
        return done;
    }

    @Override
    void settle(long length) throws IOException {
        file.truncate(length);
        file.force();
    }

    @Override
    void close() {
        try {
            file.close();
        } catch (IOException e) {
            Log.warning("Closing " + path + " failed: " + e.getMessage());
        }
    }
}
