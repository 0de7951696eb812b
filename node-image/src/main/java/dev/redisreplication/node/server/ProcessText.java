package dev.redisreplication.node.server;

import dev.redisreplication.node.memory.ByteText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Arguments and environment of this process as {@link ByteText}. Java decodes them by the locale, and what does not fit into it
 * is lost: a password may be any bytes. Where the system does not show the bytes, Java's word is taken.
 */
final class ProcessText {
    private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");
    private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

    private ProcessText() {}

    /** The arguments of {@code main}; {@code decoded} is what Java has made of them. */
    static List<String> arguments(String[] decoded) {
        List<String> whole = strings(ARGUMENTS);
        if (whole == null || whole.size() < decoded.length) {
            return List.of(decoded);
        }
        return merged(decoded, whole.subList(whole.size() - decoded.length, whole.size()));
    }

    /** Those of {@code raw}, unless they are clearly others than {@code decoded}: the plain ones have to be equal. */
    static List<String> merged(String[] decoded, List<String> raw) {
        for (int i = 0; i < decoded.length; i++) {
            if (isAscii(raw.get(i)) && !raw.get(i).equals(decoded[i])) {
                return List.of(decoded);
            }
        }
        return raw;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** The environment that the process was started with. */
    static Map<String, String> environment() {
        List<String> all = strings(ENVIRONMENT);
        if (all == null) {
            return System.getenv();
        }
        Map<String, String> environment = new HashMap<>();
        for (String one : all) {
            int equals = one.indexOf('=');
            if (equals > 0) {
                environment.put(one.substring(0, equals), one.substring(equals + 1));
            }
        }
        return environment;
    }

    /** The whole content of a file. */
    static String file(String path) throws IOException {
        try {
            return ByteText.of(Files.readAllBytes(Path.of(path)));
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        }
    }

    /** What a file of the process holds: strings, each with a NUL behind it. Null where there is no such file. */
    private static List<String> strings(Path file) {
        try {
            String latin = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            List<String> strings = new ArrayList<>();
            for (int at = 0; at < latin.length(); ) {
                int end = latin.indexOf('\0', at);
                end = end < 0 ? latin.length() : end;
                strings.add(ByteText.of(latin.substring(at, end).getBytes(StandardCharsets.ISO_8859_1)));
                at = end + 1;
            }
            return strings;
        } catch (IOException e) {
            return null;
        }
    }
}
