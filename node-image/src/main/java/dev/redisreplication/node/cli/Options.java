package dev.redisreplication.node.cli;

import dev.redisreplication.node.net.TlsSockets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the command line asks for. */
final class Options {
    /** What to do. */
    enum Mode {
        COMMANDS,
        SCAN,
        STAT,
        LATENCY,
        BIG_KEYS,
        PIPE,
        HELP,
        VERSION
    }

    /** An option that is unknown, or lacks its value. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    String host = "127.0.0.1";
    int port = 6379;
    String socket = "";
    String user = "";
    String password = "";
    boolean passwordShown;
    boolean warns = true;
    int database;
    int protocol;
    long repeat = 1;
    boolean repeats;
    double interval;
    boolean lastFromInput;
    boolean failsByError;
    Format format;
    boolean secure;
    private String caFile;
    private String caDir;
    private boolean insecure;
    private String cert;
    private String key;
    private String serverName;
    private String ciphers;
    private String cipherSuites;
    Mode mode = Mode.COMMANDS;
    String pattern = "*";
    int count = 10;
    List<String> command = List.of();

    /** Reads the arguments; texts are bytes of Latin-1. */
    static Options of(List<String> arguments, Map<String, String> environment) throws Wrong {
        Options o = new Options();
        o.password = environment.getOrDefault("REDISCLI_AUTH", "");
        int i = 0;
        while (i < arguments.size() && arguments.get(i).startsWith("-") && o.mode != Mode.HELP) {
            String option = arguments.get(i);
            boolean taken = o.flag(option);
            if (!taken) {
                if (i + 1 == arguments.size()) {
                    throw new Wrong("Unrecognized option or bad number of args for: '" + option + "'");
                }
                o.value(option, arguments.get(i + 1));
                i++;
            }
            i++;
        }
        o.command = new ArrayList<>(arguments.subList(i, arguments.size()));
        return o;
    }

    /** What TLS is told. */
    TlsSockets.Options tls() {
        return new TlsSockets.Options(caFile, caDir, insecure, cert, key, serverName, ciphers, cipherSuites);
    }

    private boolean flag(String option) {
        switch (option) {
            case "--help" -> mode = Mode.HELP;
            case "-v", "--version" -> mode = Mode.VERSION;
            case "--no-auth-warning" -> warns = false;
            case "-2" -> protocol = 2;
            case "-3" -> protocol = 3;
            case "-x" -> lastFromInput = true;
            case "-e" -> failsByError = true;
            case "--tls" -> secure = true;
            case "--insecure" -> insecure = true;
            case "--raw" -> format = Format.RAW;
            case "--no-raw" -> format = Format.STANDARD;
            case "--csv" -> format = Format.CSV;
            case "--json" -> format = Format.JSON;
            case "--scan" -> mode = Mode.SCAN;
            case "--stat" -> mode = Mode.STAT;
            case "--latency" -> mode = Mode.LATENCY;
            case "--bigkeys" -> mode = Mode.BIG_KEYS;
            case "--pipe" -> mode = Mode.PIPE;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void value(String option, String value) throws Wrong {
        switch (option) {
            case "-h" -> host = value;
            case "-p" -> port = number(option, value, 65535);
            case "-s" -> socket = value;
            case "-a", "--pass" -> {
                password = value;
                passwordShown = true;
            }
            case "--user" -> user = value;
            case "-u" -> uri(value);
            case "--sni" -> serverName = value;
            case "--cacert" -> caFile = value;
            case "--cacertdir" -> caDir = value;
            case "--cert" -> cert = value;
            case "--key" -> key = value;
            case "--tls-ciphers" -> ciphers = value;
            case "--tls-ciphersuites" -> cipherSuites = value;
            case "-n" -> database = number(option, value, Integer.MAX_VALUE);
            case "-r" -> {
                repeat = number(option, value, Integer.MAX_VALUE);
                repeats = true;
            }
            case "-i" -> interval = seconds(option, value);
            case "--pattern" -> pattern = value;
            case "--count" -> count = number(option, value, Integer.MAX_VALUE);
            case "--pipe-timeout", "--show-pushes" -> {
                // Taken, since scripts give them: replies are awaited as long as the connection stands.
            }
            default -> throw new Wrong("Unrecognized option or bad number of args for: '" + option + "'");
        }
    }

    private void uri(String text) throws Wrong {
        Uri uri;
        try {
            uri = Uri.of(text);
        } catch (IllegalArgumentException e) {
            throw new Wrong(e.getMessage());
        }
        secure |= uri.secure();
        user = uri.user() == null ? user : uri.user();
        passwordShown |= uri.password() != null;
        password = uri.password() == null ? password : uri.password();
        host = uri.host() == null ? host : uri.host();
        port = uri.port() < 0 ? port : uri.port();
        database = uri.database() < 0 ? database : uri.database();
    }

    private static int number(String option, String value, int most) throws Wrong {
        if (option.equals("-r") && value.startsWith("-")) {
            return -1; // for ever
        }
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) > most) {
            throw new Wrong("'" + value + "' is no number for " + option);
        }
        return Integer.parseInt(value);
    }

    private static double seconds(String option, String value) throws Wrong {
        if (!value.matches("\\d{1,9}(\\.\\d{1,9})?|\\.\\d{1,9}")) {
            throw new Wrong("'" + value + "' is no number of seconds for " + option);
        }
        return Double.parseDouble(value);
    }
}
