package dev.redisreplication.node.lua;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** Finds the native library among the resources of the class path, and loads it. */
final class LuaLibrary {
    private LuaLibrary() {}

    /**
     * Loads the library for this machine, for good: a file of the folder that the property {@code redis-node.native} names, or
     * else one that passes through the folder for temporary files, and is gone when this returns.
     *
     * @throws UnsatisfiedLinkError when there is none for this machine, or it cannot be loaded
     */
    static SymbolLookup load() {
        String name = name(System.getProperty("os.name"), System.getProperty("os.arch"));
        String folder = System.getProperty("redis-node.native");
        if (folder != null && Files.exists(Path.of(folder, name))) {
            return open(Path.of(folder, name));
        }
        try (InputStream in = LuaLibrary.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("there is no Lua library for this machine (" + name + ")");
            }
            Path file = Files.createTempFile("redis-node-", "-" + name);
            try {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return open(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UnsatisfiedLinkError("the Lua library cannot be unpacked: " + e);
        }
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup open(Path file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new UnsatisfiedLinkError("the Lua library cannot be loaded: " + e.getMessage());
        }
    }

    /** The resource for a system, named as Java's properties name it. */
    static String name(String system, String architecture) {
        boolean arm = architecture.equals("aarch64");
        String os = system.toLowerCase(Locale.ROOT);
        if (os.startsWith("mac")) {
            return arm ? "liblua51arm64.dylib" : "liblua5164.dylib";
        }
        if (os.startsWith("windows")) {
            return arm ? "lua51arm64.dll" : "lua5164.dll";
        }
        return arm ? "liblua51arm64.so" : "liblua5164.so";
    }
}
