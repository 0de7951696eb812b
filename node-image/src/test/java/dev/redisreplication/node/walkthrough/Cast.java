package dev.redisreplication.node.walkthrough;

import dev.redisreplication.node.net.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The servers of one performance of a walk-through, each a process with a file of settings, a folder and a log of its own. The
 * files are those that the compose file mounts; only what a machine of its own would give them is exchanged: names for
 * addresses of this machine, ports, folders.
 */
final class Cast implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    /** What every server is told beside its file, lest a clock decide what is compared. */
    private static final List<String> QUIET = List.of(
            "bind 127.0.0.1 127.0.0.2",
            "repl-ping-replica-period 3600", // no PING moves an offset
            "repl-diskless-sync-delay 0"); // nobody waits for more replicas to come

    /** What every server has of its own, see below. */
    private static final Set<String> OWN = Set.of("port", "dir", "bind", "logfile");

    private final UnaryOperator<String> programs;
    private final Path configuration;
    private final Path folder;
    private final HostNames names;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Actor> actors = new LinkedHashMap<>();
    private final Sameness sameness = new Sameness();
    private final Map<String, Object> records = new LinkedHashMap<>();
    private String chapter;
    private int written; // records of this chapter

    /**
     * @param programs which program plays an actor of this name, see {@code ServerProcess.configured}
     * @param configuration the folder with {@code <actor>.conf}
     * @param named whether masters are called by the names of their actors, which the cast has in its hand ({@link #name})
     * @param folder where each actor gets a folder of its own
     */
    Cast(UnaryOperator<String> programs, Path configuration, boolean named, Path folder) throws IOException {
        this.programs = programs;
        this.configuration = configuration;
        this.folder = Files.createDirectories(folder);
        this.names = HostNames.own(named, this.folder);
    }

    /**
     * Starts a server with the settings of {@code <name>.conf}.
     *
     * @param lines settings beside those of the file, as lines of a redis.conf
     */
    Actor start(String name, String... lines) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        List<String> settings = settings(name, own);
        settings.addAll(List.of(lines));
        if (Files.exists(own.resolve("server.log"))) { // it has been here before
            Files.move(own.resolve("server.log"), own.resolve("server.log." + System.nanoTime()));
        }
        Path file = Files.write(own.resolve("redis.conf"), settings);
        Actor actor = Actor.start(this, name, names.before(), programs.apply(name), file, port(name));
        actors.put(name, actor);
        return actor;
    }

    private List<String> settings(String name, Path own) throws IOException {
        List<String> all = new ArrayList<>();
        for (String line : Files.readAllLines(configuration.resolve(name + ".conf"))) {
            String word = line.trim().split("\\s+", 2)[0];
            if (!OWN.contains(word)) {
                all.add(adapted(line));
            }
        }
        all.add("port " + port(name));
        all.add("dir " + own);
        all.addAll(name.startsWith("sentinel") ? List.of("bind 127.0.0.1") : QUIET);
        return all;
    }

    /** A line of settings, with the address of an actor where it names one as its master. */
    String adapted(String line) throws IOException {
        String[] words = line.trim().split("\\s+", -1);
        if (words.length == 6 && words[0].equals("sentinel") && words[1].equals("monitor")) {
            return "sentinel monitor " + words[2] + " " + host(words[3]) + " " + port(words[3]) + " " + words[5];
        }
        boolean master = words[0].equals("replicaof") || words[0].equals("slaveof");
        return master ? words[0] + " " + host(words[1]) + " " + port(words[1]) : line;
    }

    /** The port of an actor, also of one that has not entered yet. */
    int port(String name) throws IOException {
        Integer known = ports.get(name);
        if (known == null) {
            known = FreePort.next();
            ports.put(name, known);
            sameness.name(known.toString(), "<" + name + ">");
        }
        return known;
    }

    /** Where a master of this name is told to be: its name, or the one address where there are no names. */
    String host(String name) {
        return names.areThere() ? name : HOST;
    }

    /** From now on the servers find this name at an address; null: at none. */
    void name(String host, String address) throws IOException {
        names.set(host, address);
    }

    /**
     * A part of the story begins. What the servers have logged in the one before is written down, in its order; where the name
     * begins with {@link Walkthrough#AGAIN}, what they have logged counts, not how often.
     */
    void chapter(String name) {
        end();
        chapter = name;
        written = 0;
        actors.values().forEach(actor -> actor.log().begin());
    }

    private void end() {
        if (chapter != null) {
            actors.forEach((name, actor) ->
                    records.put(chapter + ": log of " + name, actor.log().events()));
        }
    }

    /** Writes down something that must be the same in every performance. */
    void note(String what, Object found) {
        Object same = found instanceof List<?> list
                ? list.stream().map(each -> sameness.of(String.valueOf(each))).toList()
                : sameness.of(String.valueOf(found));
        records.put(chapter + ": " + ++written + " " + sameness.of(what), same);
    }

    /** Writes down INFO of everyone who is there: all fields of these sections, but those that are each server's own. */
    void look(String... sections) {
        actors.forEach((name, actor) -> {
            if (actor.server().isAlive()) {
                for (String section : sections) {
                    note("INFO " + section + " of " + name, InfoFields.of(actor.server(), section));
                }
            }
        });
    }

    /** All that was written down, in its order. */
    Map<String, Object> records() {
        end();
        chapter = null;
        return records;
    }

    @Override
    public void close() {
        actors.values().forEach(actor -> actor.server().close());
    }
}
