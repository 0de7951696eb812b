package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.Request;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** The clients that see every command (MONITOR), and the line for each. On the event loop only. */
public final class Monitors {
    private static final String HEX = "0123456789abcdef";
    private static final int KEPT = 64 << 10; // bytes of memory that stay between lines

    private final OutputGuard outputs;
    private final Set<Client> all = new LinkedHashSet<>();
    private NativeBuffer line = new NativeBuffer(256);
    boolean any; // read for each command

    Monitors(OutputGuard outputs) {
        this.outputs = outputs;
    }

    /** The client sees all commands from now on. */
    public void add(Client client) {
        client.monitor = true;
        all.add(client);
        any = true;
    }

    /** RESET, or the end of the connection. */
    void remove(Client client) {
        if (client.monitor) {
            client.monitor = false;
            all.remove(client);
            any = !all.isEmpty();
        }
    }

    /** Shows a command that was not executed. */
    void show(Client client, CommandRow row, Request request) {
        show(client, row, request, _ -> false);
    }

    /**
     * Shows a command, unless it is one that nobody may see.
     *
     * @param redacted which of its arguments are secrets
     */
    void show(Client from, CommandRow row, Request request, IntPredicate redacted) {
        if (row.has(Flag.ADMIN) || !from.origin().isShown()) {
            return;
        }
        line.clear();
        write(from, request, redacted);
        for (Client client : List.copyOf(all)) { // a copy: who is closed for reading too slowly leaves the set
            client.reply().raw(line.address(), line.readable());
            outputs.send(client);
        }
        if (line.capacity() > KEPT) {
            line.close();
            line = new NativeBuffer(256);
        }
    }

    private void write(Client from, Request request, IntPredicate redacted) {
        long micros = Stopwatch.unixMicros();
        line.put('+');
        line.putDecimal(micros / 1_000_000);
        line.put('.');
        String fraction = Long.toString(1_000_000 + micros % 1_000_000);
        line.put(fraction.substring(1));
        line.put(" [");
        line.putDecimal(from.db);
        line.put(' ');
        line.putLatin(source(from));
        line.put("]");
        for (int i = 0; i < request.argc(); i++) {
            line.put(" \"");
            if (redacted.test(i)) {
                line.put(SlowLog.REDACTED);
            } else {
                quote(request.address(i), request.length(i));
            }
            line.put('"');
        }
        line.put("\r\n");
    }

    /** Where the command comes from: {@code lua}, the path of a unix socket, or an address. */
    private static String source(Client client) {
        if (client.connection() == null) {
            return "lua";
        }
        String address = client.connection().remoteAddress();
        return client.connection().isUnix() ? "unix:" + address.substring(0, address.lastIndexOf(':')) : address;
    }

    private void quote(long address, int length) {
        line.ensure(4 * length);
        for (int i = 0; i < length; i++) {
            int c = Memory.getUnsignedByte(address + i);
            switch (c) {
                case '"', '\\' -> escape(c);
                case '\n' -> escape('n');
                case '\r' -> escape('r');
                case '\t' -> escape('t');
                case 0x07 -> escape('a');
                case '\b' -> escape('b');
                default -> {
                    if (c >= 0x20 && c < 0x7f) {
                        line.put(c);
                    } else {
                        line.put("\\x");
                        line.put(HEX.charAt(c >> 4));
                        line.put(HEX.charAt(c & 0xf));
                    }
                }
            }
        }
    }

    private void escape(int c) {
        line.put('\\');
        line.put(c);
    }
}
