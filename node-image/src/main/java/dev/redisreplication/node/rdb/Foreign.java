package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Slice;

/**
 * What a dump may hold and the node has no type for: the values of modules. They are refused, and named: a start without them
 * would be a loss that nobody hears of.
 */
final class Foreign {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int NAME_LENGTH = 9;
    private static final int VERSION_BITS = 10;

    private Foreign() {}

    static boolean isOne(int type) {
        return type == RdbFormat.TYPE_MODULE_PRE_GA || type == RdbFormat.TYPE_MODULE;
    }

    /** @throws RdbException if the value that begins is of such a type */
    static void refuse(int type, Slice key, RdbInput in, long began) throws RdbException {
        if (type == RdbFormat.TYPE_MODULE) {
            throw new RdbException(
                    began,
                    "key '" + shown(key) + "' is of the type '" + moduleName(in.length("a module's id"))
                            + "' of a module; the node has no modules");
        }
        if (type == RdbFormat.TYPE_MODULE_PRE_GA) {
            throw new RdbException(
                    began, "key '" + shown(key) + "' is of a module for a release candidate of Redis 4.0");
        }
    }

    static RdbException moduleAux(long began, long id) {
        return new RdbException(
                began, "the data of module type '" + moduleName(id) + "' are there; the node has no modules");
    }

    /** Nine characters of six bits each, above the version of their encoding. */
    static String moduleName(long id) {
        StringBuilder name = new StringBuilder();
        for (int i = NAME_LENGTH - 1; i >= 0; i--) {
            name.append(LETTERS.charAt((int) (id >>> (VERSION_BITS + 6 * i)) & 0x3F));
        }
        return name.toString();
    }

    /** A name may be long, and need not be text. */
    static String shown(Slice key) {
        String text =
                new Slice().point(key.address(), Math.min(key.length(), 100)).toString();
        return text.replaceAll("[^ -~]", "?");
    }
}
