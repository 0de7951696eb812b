package dev.redisreplication.node.cli;

import dev.redisreplication.node.config.Words;
import dev.redisreplication.node.net.TlsSockets;
import java.io.BufferedReader;
import java.io.Console;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The process: {@code redis-cli [options] [command [argument ...]]}. */
public final class Main {
    private static final String USAGE = """
            Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]
              -h HOST, -p PORT, -s SOCKET   the server (127.0.0.1:6379)
              -a, --pass PASSWORD, --user USER, --no-auth-warning; or the environment variable REDISCLI_AUTH
              -u URI                        redis://user:password@host:port/db, rediss:// for TLS
              --tls                         TLS, with --cacert FILE or --cacertdir DIR (else whom the system trusts),
                                            --insecure, --cert FILE and --key FILE, --sni HOST,
                                            --tls-ciphers LIST, --tls-ciphersuites LIST
              -n DB, -2, -3                 database; protocol
              -r N, -i SECONDS              repeat the command N times (-1: for ever), with a pause
              -x                            the last argument comes from standard input
              -e                            end with status 1 when a command fails
              --raw, --no-raw, --csv, --json  the format; raw when standard output is no terminal
              --scan [--pattern P] [--count N]  names of keys
              --stat, --latency, --bigkeys  figures, by samples
              --pipe                        send the protocol from standard input as it is
            Without a command, each line of standard input is one.
            """;

    private final Options options;
    private final PrintStream out;
    private Wire wire;
    private int database;

    private Main(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.database = options.database;
    }

    /** Runs, and ends the process with the status of redis-cli. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.ISO_8859_1);
        int status;
        try {
            status = run(args, out);
        } catch (Options.Wrong e) {
            System.err.println(e.getMessage());
            status = 1;
        } catch (EOFException e) {
            System.err.println("Error: " + e.getMessage());
            status = 1;
        } catch (IOException e) {
            System.err.println("Error: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            status = 1;
        }
        out.flush();
        Runtime.getRuntime().halt(status);
    }

    private static int run(String[] args, PrintStream out) throws Options.Wrong, IOException {
        Options options = Options.of(arguments(args), System.getenv());
        if (options.mode == Options.Mode.HELP) {
            out.print(USAGE);
            return 0;
        }
        if (options.mode == Options.Mode.VERSION) {
            out.println("redis-cli 7.0.15");
            return 0;
        }
        if (options.passwordShown && options.warns) {
            System.err.println("Warning: Using a password with '-a' or '-u' option on the command line interface"
                    + " may not be safe.");
        }
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        if (options.format == null) {
            options.format = terminal ? Format.STANDARD : Format.RAW;
        }
        if (options.format == Format.JSON && options.protocol == 0) {
            options.protocol = 3;
        }
        Main main = new Main(options, out);
        if (!main.connect()) {
            return 1;
        }
        return switch (options.mode) {
            case SCAN -> Modes.scan(main.wire, options, out);
            case STAT -> Modes.stat(main.wire, options, out);
            case LATENCY -> Modes.latency(main.wire, options, out);
            case BIG_KEYS -> BigKeys.run(main.wire, options, out);
            case PIPE -> Modes.pipe(main.wire, System.in, out);
            default -> options.command.isEmpty() ? main.lines(terminal) : main.command();
        };
    }

    /** The arguments as bytes of Latin-1: Java decodes them by the locale. */
    private static List<String> arguments(String[] decoded) {
        try {
            String[] all = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1)
                    .split("\0", -1);
            List<String> whole = new ArrayList<>(List.of(all).subList(0, all.length - 1));
            return whole.subList(whole.size() - decoded.length, whole.size());
        } catch (IOException e) {
            List<String> words = new ArrayList<>();
            for (String word : decoded) {
                words.add(new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            }
            return words;
        }
    }

    /** Connects and introduces itself; says why not. */
    private boolean connect() throws IOException {
        wire = opened();
        if (wire == null) {
            return false;
        }
        if (!options.password.isEmpty()) {
            Reply reply = options.user.isEmpty()
                    ? wire.call("AUTH", options.password)
                    : wire.call("AUTH", options.user, options.password);
            if (reply.isError()) {
                System.err.println("AUTH failed: " + reply.text());
                return true;
            }
        }
        if (database != 0) {
            Reply reply = wire.call("SELECT", Integer.toString(database));
            if (reply.isError()) {
                System.err.println("SELECT " + database + " failed: " + reply.text());
                database = 0;
            }
        }
        if (options.protocol == 3) {
            Reply reply = wire.call("HELLO", "3");
            if (reply.isError()) {
                System.err.println("HELLO 3 failed: " + reply.text());
            }
        }
        return true;
    }

    /** A connection; null where there is none, which has been said. */
    private Wire opened() {
        try {
            if (!options.socket.isEmpty()) {
                if (options.secure) {
                    throw new IOException("TLS is not for sockets of this machine");
                }
                return Wire.open(options.socket);
            }
            if (!options.secure) {
                return Wire.open(options.host, options.port);
            }
            SocketChannel channel = Wire.connected(options.host, options.port);
            TlsSockets tls = tls();
            if (tls == null) {
                channel.close();
                return null;
            }
            return Wire.secured(channel, options.host, options.port, tls);
        } catch (IOException e) {
            String where = options.socket.isEmpty() ? options.host + ":" + options.port : options.socket;
            System.err.println("Could not connect to Redis at " + where + ": " + e.getMessage());
            return null;
        }
    }

    private TlsSockets tls() {
        try {
            return TlsSockets.of(options.tls(), System.getenv());
        } catch (IOException e) {
            System.err.println("Could not negotiate a TLS connection: " + e.getMessage());
            return null;
        }
    }

    private int command() throws IOException {
        List<String> words = new ArrayList<>(options.command);
        if (options.lastFromInput) {
            words.add(new String(System.in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
        for (long i = 0; options.repeat < 0 || i < options.repeat; i++) {
            if (!ask(words)) {
                return 1;
            }
            if (options.interval > 0) {
                Modes.sleep(options.interval);
            }
        }
        return 0;
    }

    /** Runs one command and shows its reply; false when it failed and that is to end the process. */
    private boolean ask(List<String> words) throws IOException {
        wire.send(words);
        String name = words.get(0).toLowerCase(Locale.ROOT);
        boolean endless = name.equals("monitor") || name.endsWith("subscribe") && !name.contains("un");
        do {
            Reply reply = wire.read();
            if (reply.isError() && options.failsByError) {
                out.flush();
                System.err.println(reply.text());
                return false;
            }
            out.print(options.format.of(reply));
            out.flush();
            endless &= !reply.isError();
        } while (endless);
        return true;
    }

    private int lines(boolean terminal) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
        while (true) {
            if (terminal) {
                String where = options.socket.isEmpty() ? options.host + ":" + options.port : "redis " + options.socket;
                out.print(where + (database == 0 ? "" : "[" + database + "]") + "> ");
                out.flush();
            }
            String line = in.readLine();
            if (line == null) {
                return 0;
            }
            List<String> words = Words.split(line);
            if (words == null) {
                out.print("Invalid argument(s)\n");
                out.flush();
                continue;
            }
            if (words.isEmpty()) {
                continue;
            }
            String first = words.get(0).toLowerCase(Locale.ROOT);
            if (first.equals("quit") || first.equals("exit")) {
                return 0;
            }
            if (!line(words)) {
                return 1;
            }
        }
    }

    /** A line of the prompt: a number before the command repeats it. A connection that was lost is made once more. */
    private boolean line(List<String> words) throws IOException {
        long times = 1;
        List<String> command = words;
        if (words.size() > 1 && words.get(0).matches("\\d{1,9}")) {
            times = Long.parseLong(words.get(0));
            command = words.subList(1, words.size());
        }
        for (long i = 0; i < times; i++) {
            try {
                if (!ask(command)) {
                    return false;
                }
            } catch (IOException e) {
                wire.close();
                if (!connect() || !ask(command)) {
                    return false;
                }
            }
        }
        if (command.get(0).equalsIgnoreCase("select")
                && command.size() == 2
                && command.get(1).matches("\\d{1,9}")) {
            database = Integer.parseInt(command.get(1));
        }
        return true;
    }
}
