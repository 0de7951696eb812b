package dev.redisreplication.node.script;

import java.util.LinkedHashMap;
import java.util.Map;

/** The libraries that scripts and functions have alike. */
final class Libraries {
    private Libraries() {}

    /** New ones, by name, for one interpreter. */
    static Map<String, Library> common() {
        Map<String, Library> all = new LinkedHashMap<>();
        all.put("math", new RandomLibrary());
        all.put("bit", new BitLibrary());
        all.put("struct", new StructLibrary());
        all.put("cmsgpack", new MessagePackLibrary());
        all.put("cjson", new JsonLibrary());
        return all;
    }
}
