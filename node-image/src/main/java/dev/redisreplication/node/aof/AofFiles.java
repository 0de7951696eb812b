package dev.redisreplication.node.aof;

import static dev.redisreplication.node.config.Directives.APPENDDIRNAME;
import static dev.redisreplication.node.config.Directives.APPENDFILENAME;
import static dev.redisreplication.node.config.Directives.DIR;

import dev.redisreplication.node.aof.AofManifest.Part;
import dev.redisreplication.node.config.Settings;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the append-only directory: their names, how they are made, and which of them nobody needs. */
final class AofFiles {
    private final Settings settings;
    private final Disk disk;

    AofFiles(Settings settings, Disk disk) {
        this.settings = settings;
        this.disk = disk;
    }

    /** An increment that was just made: its mark is on the disk. */
    record Opened(Part part, DiskFile file, long size) {}

    private String name() {
        return settings.get(APPENDFILENAME);
    }

    private Path dataFolder() {
        return Path.of(settings.get(DIR)).toAbsolutePath();
    }

    Path folder() {
        return dataFolder().resolve(settings.get(APPENDDIRNAME));
    }

    Path manifestFile() {
        return folder().resolve(name() + ".manifest");
    }

    Path path(Part part) {
        return folder().resolve(part.name());
    }

    /** The manifest on disk, or null when there is none. */
    AofManifest manifest() throws IOException {
        return Files.exists(manifestFile()) ? AofManifest.read(manifestFile()) : null;
    }

    void makeFolder() throws IOException {
        if (!Files.isDirectory(folder())) {
            disk.makeFolder(folder());
            disk.sync(dataFolder());
        }
    }

    private Pattern pattern() {
        return Pattern.compile(
                Pattern.quote(name()) + "\\.(\\d{1,18})\\.(base\\.rdb|base\\.aof|incr\\.aof)", Pattern.DOTALL);
    }

    /**
     * A sequence number above that of every file of a kind that is there, named or not: it may be all that somebody has left.
     * Bases and increments are counted apart, as Redis does.
     *
     * @param kind what the rest of such a name begins with
     */
    private long freeSequence(String kind, long last) throws IOException {
        long next = last + 1;
        Pattern pattern = pattern();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder())) {
            for (Path file : all) {
                Matcher matcher = pattern.matcher(file.getFileName().toString());
                if (matcher.matches() && matcher.group(2).startsWith(kind)) {
                    next = Math.max(next, Long.parseLong(matcher.group(1)) + 1);
                }
            }
        }
        return next;
    }

    /**
     * A name for the next base.
     *
     * @param last the number of the one before
     * @param commands whether it is one of commands, and not a dump
     */
    Part newBase(long last, boolean commands) throws IOException {
        long sequence = freeSequence("base", last);
        return new Part(name() + "." + sequence + (commands ? ".base.aof" : ".base.rdb"), sequence);
    }

    /**
     * Makes the next increment, which begins at a position and says so. When that fails, nothing is left of it.
     *
     * @param last the number of the one before
     */
    Opened newIncrement(long last, Position position) throws IOException {
        long sequence = freeSequence("incr", last);
        Part part = new Part(name() + "." + sequence + ".incr.aof", sequence);
        byte[] mark = position.mark();
        DiskFile file = disk.create(path(part));
        Opened opened = new Opened(part, file, mark.length);
        try {
            file.writeAll(ByteBuffer.wrap(mark));
            file.force();
        } catch (IOException e) {
            file.close();
            discard(path(part));
            throw e;
        }
        return opened;
    }

    /** Deletes a file that no manifest names; false when that fails. */
    boolean discard(Path file) {
        try {
            disk.delete(file);
            return true;
        } catch (IOException e) {
            Log.warning(file + " is of no use and stays for now: " + e.getMessage());
            return false;
        }
    }

    /** Bytes of some parts. */
    long size(List<Part> parts) throws IOException {
        long sum = 0;
        for (Part part : parts) {
            sum += Files.size(path(part));
        }
        return sum;
    }

    /**
     * Deletes what a manifest calls history, then the history.
     *
     * @param manifest as it is on disk
     * @return the one that is on disk now
     */
    AofManifest forgetHistory(AofManifest manifest) throws IOException {
        if (manifest.history().isEmpty()) {
            return manifest;
        }
        Set<String> needed = new HashSet<>();
        manifest.data().forEach(part -> needed.add(part.name()));
        List<Part> incrementsFirst = manifest.history().stream()
                .sorted(Comparator.comparing(part -> part.name().contains(".base.")))
                .toList();
        for (Part part : incrementsFirst) {
            if (!needed.contains(part.name())) {
                Log.notice("Removing the history file " + part.name() + " in the background");
                disk.delete(path(part));
            }
        }
        AofManifest rest = manifest.withoutHistory();
        rest.replace(disk, manifestFile(), manifest);
        return rest;
    }

    /**
     * A server before Redis 7 kept one file, beside where the directory is now: it becomes the base. The manifest is
     * there first, so that a crash in between loses sight of nothing.
     */
    void takeOverSingleFile() throws IOException {
        Path single = dataFolder().resolve(name());
        if (!Files.isRegularFile(single)) {
            return;
        }
        AofManifest taken = new AofManifest(new Part(name(), 1), List.of(), List.of());
        AofManifest before = manifest();
        if (before == null) {
            makeFolder();
            taken.replace(disk, manifestFile(), null);
        } else if (!before.equals(taken) || Files.exists(folder().resolve(name()))) {
            return;
        }
        disk.rename(single, folder().resolve(name()));
        disk.sync(folder());
        disk.sync(dataFolder());
        Log.notice(single + " is of a server before Redis 7 and was moved to " + folder());
    }

    // ---- what a crash left behind

    /**
     * Removes what a crash left of a change that was never completed. Such files are newer than the manifest, and their
     * numbers are above those in it. Others that it does not name may be of an older directory whose manifest was lost:
     * they stay, and the log names them.
     *
     * @param manifest as it is on disk; all that it names was loaded
     */
    void removeLeftovers(AofManifest manifest) {
        Set<String> named = new HashSet<>();
        manifest.data().forEach(part -> named.add(part.name()));
        manifest.history().forEach(part -> named.add(part.name()));
        Pattern pattern = pattern();
        List<String> unknown = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder())) {
            FileTime written = Files.getLastModifiedTime(manifestFile());
            for (Path file : all) {
                String fileName = file.getFileName().toString();
                Matcher matcher = pattern.matcher(fileName);
                if (!matcher.matches() || named.contains(fileName)) {
                    continue;
                }
                long last = matcher.group(2).startsWith("base") ? manifest.lastBase() : manifest.lastIncrement();
                if (Long.parseLong(matcher.group(1)) > last
                        && Files.getLastModifiedTime(file).compareTo(written) >= 0) {
                    disk.delete(file);
                    Log.notice(fileName + " was left by a rewrite that did not come to its end, and was removed");
                } else {
                    unknown.add(fileName);
                }
            }
        } catch (IOException e) {
            Log.warning("What a crash left in " + folder() + " stays: " + e.getMessage());
        }
        if (!unknown.isEmpty()) {
            Log.warning("In " + folder() + " are files that the manifest does not name and that may be of an older"
                    + " one; they are not read, and stay until somebody removes them: " + String.join(", ", unknown));
        }
    }

    /** Removes files that never got their final name. */
    void removeTemporaryFiles() {
        removeTemporaryFiles(dataFolder(), "temp-*.rdb");
        removeTemporaryFiles(folder(), "temp-*.{rdb,manifest,aof}");
    }

    private void removeTemporaryFiles(Path from, String glob) {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, glob)) {
            for (Path file : files) {
                disk.delete(file);
            }
        } catch (IOException e) {
            Log.warning("Temporary files in " + from + " stay: " + e.getMessage());
        }
    }
}
