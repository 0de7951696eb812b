package dev.redisreplication.node.command.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.ClientTracking;
import dev.redisreplication.node.command.ClientTracking.Mode;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What CLIENT has about client-side caching. */
final class TrackingCommands {
    private static final CommandError NOT_TRACKING =
            new CommandError("ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or"
                    + " OPTOUT mode enabled");
    private static final CommandError NOT_OPTIN =
            new CommandError("ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
    private static final CommandError NOT_OPTOUT =
            new CommandError("ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
    private static final CommandError REDIRECTED_TWICE =
            new CommandError("ERR A client can only redirect to a single other client");
    private static final CommandError NO_SUCH_CLIENT =
            new CommandError("ERR The client ID you want redirect to does not exist");
    private static final CommandError PREFIX_WITHOUT_BCAST =
            new CommandError("ERR PREFIX option requires BCAST mode to be enabled");
    private static final CommandError BCAST_SWITCHED = new CommandError(
            "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then"
                    + " re-enabling it with a different mode.");
    private static final CommandError BCAST_AND_MODE =
            new CommandError("ERR OPTIN and OPTOUT are not compatible with BCAST");
    private static final CommandError BOTH_MODES =
            new CommandError("ERR You can't specify both OPTIN mode and OPTOUT mode");
    private static final CommandError MODE_SWITCHED = new CommandError(
            "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then"
                    + " re-enabling it with a different mode.");

    private TrackingCommands() {}

    static void register(CommandTable.Builder t, CommandRow.Builder client) {
        // spotless:off: one row a command
        t.sub(client, "tracking", -3, TrackingCommands::tracking);
        t.sub(client, "trackinginfo", 2, TrackingCommands::info);
        t.sub(client, "caching", 3, TrackingCommands::caching);
        t.sub(client, "getredir", 2, call -> call.reply().integer(call.client().redirect()));
        // spotless:on
    }

    private static void tracking(Call call) {
        long redirect = 0;
        boolean broadcast = false;
        boolean optin = false;
        boolean optout = false;
        boolean noLoop = false;
        List<byte[]> prefixes = new ArrayList<>();
        for (int i = 3; i < call.argc(); i++) {
            boolean more = i + 1 < call.argc();
            if (call.is(i, "REDIRECT") && more) {
                if (redirect != 0) {
                    throw REDIRECTED_TWICE;
                }
                redirect = call.asLong(++i);
                if (call.node().clients().find(redirect) == null) {
                    throw NO_SUCH_CLIENT;
                }
            } else if (call.is(i, "BCAST")) {
                broadcast = true;
            } else if (call.is(i, "OPTIN")) {
                optin = true;
            } else if (call.is(i, "OPTOUT")) {
                optout = true;
            } else if (call.is(i, "NOLOOP")) {
                noLoop = true;
            } else if (call.is(i, "PREFIX") && more) {
                prefixes.add(call.asBytes(++i));
            } else {
                throw CommandError.SYNTAX;
            }
        }
        if (call.is(2, "ON")) {
            refuse(call.client(), broadcast, optin, optout, prefixes);
            call.node().heldNames().requireRoom(call.request());
            if (broadcast && prefixes.isEmpty()) {
                prefixes.add(new byte[0]);
            }
            Mode mode = optin ? Mode.OPTIN : optout ? Mode.OPTOUT : Mode.DEFAULT;
            call.node()
                    .tracking()
                    .on(call.client(), new ClientTracking.Options(redirect, broadcast, mode, noLoop), prefixes);
        } else if (call.is(2, "OFF")) {
            call.node().tracking().off(call.client());
        } else {
            throw CommandError.SYNTAX;
        }
        call.reply().ok();
    }

    /** Refuses what does not go together, or with what the client has said before; in Redis' order. */
    private static void refuse(Client client, boolean broadcast, boolean optin, boolean optout, List<byte[]> prefixes) {
        ClientTracking before = client.tracking();
        Mode mode = before == null ? Mode.DEFAULT : before.options().mode();
        if (!broadcast && !prefixes.isEmpty()) {
            throw PREFIX_WITHOUT_BCAST;
        }
        if (before != null && before.options().broadcast() != broadcast) {
            throw BCAST_SWITCHED;
        }
        if (broadcast && (optin || optout)) {
            throw BCAST_AND_MODE;
        }
        if (optin && optout) {
            throw BOTH_MODES;
        }
        if ((optin && mode == Mode.OPTOUT) || (optout && mode == Mode.OPTIN)) {
            throw MODE_SWITCHED;
        }
        List<byte[]> existing = before == null ? List.of() : before.prefixes();
        for (int i = 0; i < prefixes.size(); i++) {
            refuseOverlap(prefixes.get(i), existing, "an existing");
            refuseOverlap(prefixes.get(i), prefixes.subList(i + 1, prefixes.size()), "another provided");
        }
    }

    private static void refuseOverlap(byte[] prefix, List<byte[]> others, String which) {
        for (byte[] other : others) {
            int shorter = Math.min(prefix.length, other.length);
            if (Arrays.equals(prefix, 0, shorter, other, 0, shorter)) {
                throw new CommandError("ERR Prefix '" + shown(prefix) + "' overlaps with " + which + " prefix '"
                        + shown(other) + "'. Prefixes for a single client must not overlap.");
            }
        }
    }

    /** As an error text shows bytes: a character a byte, to the first NUL. */
    private static String shown(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }

    private static void info(Call call) {
        ClientTracking tracking = call.client().tracking();
        List<String> flags = flags(tracking);
        call.reply().map(3);
        call.reply().bulk("flags");
        call.reply().set(flags.size());
        flags.forEach(call.reply()::bulk);
        call.reply().bulk("redirect");
        call.reply().integer(call.client().redirect());
        call.reply().bulk("prefixes");
        List<byte[]> prefixes = tracking == null ? List.of() : tracking.prefixes();
        call.reply().array(prefixes.size());
        prefixes.forEach(call.reply()::bulk);
    }

    private static List<String> flags(ClientTracking tracking) {
        if (tracking == null) {
            return List.of("off");
        }
        List<String> flags = new ArrayList<>(List.of("on"));
        if (tracking.options().broadcast()) {
            flags.add("bcast");
        }
        if (tracking.options().mode() == Mode.OPTIN) {
            flags.add("optin");
            if (tracking.caching()) {
                flags.add("caching-yes");
            }
        }
        if (tracking.options().mode() == Mode.OPTOUT) {
            flags.add("optout");
            if (tracking.caching()) {
                flags.add("caching-no");
            }
        }
        if (tracking.options().noLoop()) {
            flags.add("noloop");
        }
        if (tracking.broken()) {
            flags.add("broken_redirect");
        }
        return flags;
    }

    private static void caching(Call call) {
        ClientTracking tracking = call.client().tracking();
        if (tracking == null) {
            throw NOT_TRACKING;
        }
        if (call.is(2, "YES")) {
            if (tracking.options().mode() != Mode.OPTIN) {
                throw NOT_OPTIN;
            }
        } else if (call.is(2, "NO")) {
            if (tracking.options().mode() != Mode.OPTOUT) {
                throw NOT_OPTOUT;
            }
        } else {
            throw CommandError.SYNTAX;
        }
        tracking.cachingNext();
        call.reply().ok();
    }
}
