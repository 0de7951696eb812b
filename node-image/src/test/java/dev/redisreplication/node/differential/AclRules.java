package dev.redisreplication.node.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes up rules of ACL SETUSER: good ones, some that mean nothing, and selectors of them. */
final class AclRules {
    private static final List<String> USER = List.of(
            "on",
            "off",
            "nopass",
            "resetpass",
            "reset",
            "clearselectors",
            "sanitize-payload",
            "skip-sanitize-payload",
            ">p1",
            ">p2",
            "<p1",
            "<p2",
            "ON",
            ">",
            "<",
            "#0b14d501a594442a01c6859541bcb3e8164d183d32937b851835442f69d5c94e", // p1
            "!0b14d501a594442a01c6859541bcb3e8164d183d32937b851835442f69d5c94e",
            "#0b14",
            "!zz",
            "#",
            "@all",
            "whatever",
            "");

    private static final List<String> PATTERNS = List.of(
            "~*",
            "allkeys",
            "resetkeys",
            "~k*",
            "~a?",
            "~[a-c]*",
            "~",
            "%R~r*",
            "%W~w*",
            "%RW~x*",
            "%r~k1",
            "%wr~k2",
            "%~a",
            "%RR~a",
            "%X~a",
            "%R",
            "%W~*",
            "%R~*",
            "~a b",
            "~k1",
            "~\\k*",
            "&*",
            "allchannels",
            "resetchannels",
            "&c*",
            "&d",
            "&",
            "&c1",
            "&c b",
            "~{a}*",
            "~k*k",
            "AllKeys");

    private final List<String> commands;
    private final List<String> categories;

    /** @param commands names, of subcommands with a bar */
    AclRules(List<String> commands, List<String> categories) {
        this.commands = commands;
        this.categories = categories;
    }

    /** One to five rules, as the arguments of one call. */
    List<String> next(SplittableRandom random) {
        List<String> rules = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            int kind = random.nextInt(10);
            if (kind < 2) {
                rules.add(any(USER, random));
            } else if (kind == 2) {
                selector(rules, random);
            } else {
                rules.add(ofSelector(random));
            }
        }
        return rules;
    }

    /** As one argument, or as several. */
    private void selector(List<String> rules, SplittableRandom random) {
        List<String> inner = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            inner.add(ofSelector(random));
        }
        String whole = "(" + String.join(" ", inner) + (random.nextInt(20) == 0 ? "" : ")");
        if (random.nextBoolean()) {
            rules.add(whole);
        } else {
            rules.addAll(List.of(whole.split(" ", -1)));
        }
    }

    private String ofSelector(SplittableRandom random) {
        String sign = random.nextInt(3) == 0 ? "-" : "+";
        return switch (random.nextInt(8)) {
            case 0, 1 -> any(PATTERNS, random);
            case 2 -> sign + "@" + any(categories, random);
            case 3 ->
                random.nextInt(3) == 0 ? sign + "@all" : sign + any(List.of("@nothing", "nothing", "", "@"), random);
            case 4 ->
                sign
                        + any(
                                List.of(
                                        "select|0",
                                        "SELECT|1",
                                        "get|k1",
                                        "config|nothing",
                                        "config|",
                                        "set|a|b",
                                        "config|get|x"),
                                random);
            default -> sign + any(commands, random);
        };
    }

    private static String any(List<String> of, SplittableRandom random) {
        return of.get(random.nextInt(of.size()));
    }
}
