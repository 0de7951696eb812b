package dev.redisreplication.node.script;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandRows;
import dev.redisreplication.node.command.Denial;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.Gate;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Origin;
import dev.redisreplication.node.command.Users;
import dev.redisreplication.node.command.Within;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.lua.Lua;
import dev.redisreplication.node.lua.LuaName;
import dev.redisreplication.node.lua.LuaState;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.DoubleText;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The table {@code redis} of a script that runs: commands, and what belongs to them. */
final class RedisLibrary implements Library {
    private static final LuaName ERR = new LuaName("err");
    private static final LuaName OK = new LuaName("ok");
    private static final LuaName COUNTED = new LuaName("ignore_error_stats_update");
    private static final String[] FUNCTIONS = {
        "call",
        "pcall",
        "error_reply",
        "status_reply",
        "log",
        "sha1hex",
        "setresp",
        "set_repl",
        "acl_check_cmd",
        "replicate_commands",
        "breakpoint",
        "debug",
    };
    private static final int OF_FUNCTIONS = 9; // the first ones
    private static final String[] LEVELS = {"DEBUG", "VERBOSE", "NOTICE", "WARNING"};
    private static final int REPL_NONE = 0;
    private static final int REPL_ALL = 3;
    private static final int KEPT = 1 << 20; // bytes of a large command or reply that stay allocated

    private static final int LOOK_EVERY = 16; // calls, which may take long
    private static final int MOST = 512 << 20; // bytes of a command

    private final RequestParser parser = new RequestParser();
    private final ReplyReader replies = new ReplyReader();
    private final NativeBuffer command = new NativeBuffer(1024);
    private NativeBuffer arguments = command;
    private final Client client = Client.internal(Origin.SCRIPT);
    private final String[] names;
    private Node node;
    private CommandRows table;
    private Within within;
    private ScriptRun run;
    private int calls;

    /** @param ofFunctions whether it is that of FCALL, which lacks what only old scripts want */
    RedisLibrary(boolean ofFunctions) {
        names = ofFunctions ? Arrays.copyOf(FUNCTIONS, OF_FUNCTIONS) : FUNCTIONS;
        parser.maxBulk(Integer.MAX_VALUE);
    }

    /** A script begins to run. */
    void begin(Call of, ScriptRun script) {
        node = of.node();
        table = of.table();
        within = of.within();
        run = script;
        client.actFor(script.caller());
    }

    /** It has ended. */
    void end() {
        run = null;
    }

    @Override
    public String[] functions() {
        return names;
    }

    @Override
    public void constants(long L) {
        for (int i = 0; i < LEVELS.length; i++) {
            number(L, "LOG_" + LEVELS[i], i);
        }
        number(L, "REPL_NONE", REPL_NONE);
        number(L, "REPL_AOF", 1);
        number(L, "REPL_SLAVE", 2);
        number(L, "REPL_REPLICA", 2);
        number(L, "REPL_ALL", REPL_ALL);
        String version = Node.REDIS_VERSION;
        LuaState.push(L, "REDIS_VERSION");
        LuaState.push(L, version);
        Lua.rawset(L, -3);
        String[] parts = version.split("\\.", -1);
        number(
                L,
                "REDIS_VERSION_NUM",
                Integer.parseInt(parts[0]) << 16 | Integer.parseInt(parts[1]) << 8 | Integer.parseInt(parts[2]));
    }

    private static void number(long L, String name, int value) {
        LuaState.push(L, name);
        Lua.pushnumber(L, value);
        Lua.rawset(L, -3);
    }

    @Override
    public int call(int index, long L) {
        return switch (index) {
            case 0 -> command(L, true);
            case 1 -> command(L, false);
            case 2 -> tagged(L, ERR);
            case 3 -> tagged(L, OK);
            case 4 -> log(L);
            case 5 -> sha1(L);
            case 6 -> setResp(L);
            case 7 -> setRepl(L);
            case 8 -> mayRun(L);
            case 9 -> {
                Lua.pushboolean(L, 1);
                yield 1;
            }
            case 10 -> {
                Lua.pushboolean(L, 0); // nobody debugs
                yield 1;
            }
            default -> 0;
        };
    }

    /** Replaces what is on the stack by an error, whose code is ERR where {@code text} does not begin with one. */
    private static int fail(long L, String text) {
        Lua.settop(L, 0);
        pushError(L, text.charAt(0) == '-' ? text.substring(1) : "ERR " + text);
        return LuaState.FAILED;
    }

    private static void pushError(long L, String text) {
        Lua.createtable(L, 0, 2);
        ERR.push(L);
        LuaState.push(L, text);
        Lua.rawset(L, -3);
    }

    private int command(long L, boolean raises) {
        if (run != null && ++calls % LOOK_EVERY == 0) {
            run.goOn(); // the hook, which counts instructions, ends it if it has to end
        }
        String problem = run == null ? "redis.call can only be called from a script that runs" : read(L);
        if (problem == null) {
            CommandRow row = table.find(parser.request());
            problem = refuses(row, parser.request());
            if (problem == null) {
                return execute(L, row, raises);
            }
            within.refused(row, problem.charAt(0) == '-' ? problem.substring(1) : "ERR");
            fail(L, problem);
            COUNTED.push(L);
            Lua.pushboolean(L, 1);
            Lua.rawset(L, -3);
        } else {
            fail(L, problem);
        }
        return raises ? LuaState.FAILED : 1;
    }

    private int execute(long L, CommandRow row, boolean raises) {
        Request request = parser.request();
        if (row.has(Flag.WRITE)) {
            run.writes();
        }
        NativeBuffer reply = client.reply().buffer();
        reply.clear();
        within.run(client, row, request);
        request.trim();
        Lua.settop(L, 0);
        boolean failed = reply.get(0) == '-';
        replies.push(L, reply.address());
        if (reply.capacity() > KEPT) {
            reply.close();
            client.reply().target(new NativeBuffer(256));
        }
        giveBack();
        return failed && raises ? LuaState.FAILED : 1;
    }

    /** Makes a request of the arguments; answers why there is none, or null. */
    private String read(long L) {
        int count = Lua.gettop(L);
        if (count == 0) {
            return "Please specify at least one argument for this redis lib call";
        }
        arguments.clear();
        arguments.put('*');
        arguments.putDecimal(count);
        arguments.put("\r\n");
        for (int i = 1; i <= count; i++) {
            switch (Lua.type(L, i)) {
                case Lua.STRING -> {
                    long at = Lua.tolstring(L, i, 0);
                    int length = (int) Lua.objlen(L, i);
                    if ((long) arguments.readable() + length > MOST) {
                        giveBack();
                        return "The arguments are too long for one command";
                    }
                    arguments.put('$');
                    arguments.putDecimal(length);
                    arguments.put("\r\n");
                    arguments.put(at, length);
                    arguments.put("\r\n");
                }
                case Lua.NUMBER -> {
                    byte[] text = DoubleText.of(Lua.tonumber(L, i)).getBytes(StandardCharsets.US_ASCII);
                    arguments.put('$');
                    arguments.putDecimal(text.length);
                    arguments.put("\r\n");
                    arguments.put(text);
                    arguments.put("\r\n");
                }
                default -> {
                    return "Lua redis lib command arguments must be strings or integers";
                }
            }
        }
        try {
            parser.reset();
            if (!parser.parse(arguments.address(), arguments.readable())) {
                throw new IllegalStateException("the command is not what was written");
            }
        } catch (ProtocolException e) {
            throw new IllegalStateException(e);
        }
        return null;
    }

    private void giveBack() {
        if (arguments.capacity() > KEPT) {
            arguments.close();
            arguments = new NativeBuffer(1024);
        }
    }

    /** The checks of Redis for a command of a script, in its order; the error, or null. */
    private String refuses(CommandRow row, Request request) {
        if (row == null) {
            return "Unknown Redis command called from script";
        }
        if (!row.acceptsArgc(request.argc())) {
            return "Wrong number of args calling Redis command from script";
        }
        if (row.has(Flag.NOSCRIPT)) {
            return "This Redis command is not allowed from script";
        }
        Gate gate = node.gate();
        boolean asked = run.caller().isAnswered();
        if (asked && gate.stale() != null && !row.has(Flag.STALE)) {
            return "Can not execute the command on a stale replica";
        }
        Denial denial = run.caller().user().isUnrestricted()
                ? null
                : run.caller().user().check(row, request);
        if (denial != null) {
            node.users().denied(run.caller(), Users.Context.LUA, row, request, denial);
            return denial.inScript();
        }
        boolean write = row.has(Flag.WRITE);
        if (run.readOnly() && (write || row.has(Flag.MAY_REPLICATE))) {
            return "Write commands are not allowed from read-only scripts.";
        }
        if (!asked || run.wrote()) {
            return null; // it cannot be stopped halfway by what the node has met since
        }
        if (write) {
            CommandError refusal =
                    gate.write() == null || gate.disk() != null && !gate.isReplica() ? gate.disk() : gate.write();
            if (refusal != null) {
                return "-" + refusal.getMessage();
            }
        }
        if (row.has(Flag.DENYOOM) && run.lacksMemory()) {
            return "-OOM command not allowed when used memory > 'maxmemory'.";
        }
        return null;
    }

    private int tagged(long L, LuaName field) {
        if (Lua.gettop(L) != 1 || Lua.type(L, 1) != Lua.STRING) {
            fail(L, "wrong number or type of arguments");
            return 1;
        }
        Lua.createtable(L, 0, 1);
        field.push(L);
        if (field == ERR) {
            pushCoded(Lua.tolstring(L, 1, 0), (int) Lua.objlen(L, 1), L);
        } else {
            Lua.pushvalue(L, 1);
        }
        Lua.rawset(L, -3);
        return 1;
    }

    /** Pushes the text of an error, with the code ERR where it has none. */
    private void pushCoded(long text, int length, long L) {
        int from = length > 0 && Memory.getByte(text) == '-' ? 1 : 0;
        int space = from;
        while (space < length && Memory.getByte(text + space) != ' ') {
            space++;
        }
        if (space < length) {
            Lua.pushlstring(L, text + from, length - from);
            return;
        }
        arguments.clear();
        arguments.put("ERR ");
        arguments.put(text + from, length - from);
        Lua.pushlstring(L, arguments.address(), arguments.readable());
        giveBack();
    }

    private static int log(long L) {
        int count = Lua.gettop(L);
        if (count < 2) {
            return fail(L, "redis.log() requires two arguments or more.");
        }
        if (Lua.type(L, 1) != Lua.NUMBER) {
            return fail(L, "First argument must be a number (log level).");
        }
        int level = (int) Lua.tonumber(L, 1);
        if (level < 0 || level >= LEVELS.length) {
            return fail(L, "Invalid debug level.");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 2; i <= count; i++) {
            int type = Lua.type(L, i);
            if ((type == Lua.STRING || type == Lua.NUMBER) && text.length() < LuaError.LONGEST) {
                Lua.tolstring(L, i, 0); // a number becomes a string in place
                text.append(i > 2 ? " " : "").append(LuaState.text(L, i, LuaError.LONGEST - text.length()));
            }
        }
        switch (level) {
            case 0 -> Log.debug(text.toString());
            case 1 -> Log.verbose(text.toString());
            case 2 -> Log.notice(text.toString());
            default -> Log.warning(text.toString());
        }
        return 0;
    }

    private static int sha1(long L) {
        if (Lua.gettop(L) != 1) {
            return fail(L, "wrong number of arguments");
        }
        long at = Lua.tolstring(L, 1, 0);
        Digest digest = Digest.of(at, at == 0 ? 0 : Lua.objlen(L, 1));
        LuaState.push(L, digest.toString());
        return 1;
    }

    private int setResp(long L) {
        if (Lua.gettop(L) != 1) {
            return fail(L, "redis.setresp() requires one argument.");
        }
        double version = Lua.tonumber(L, 1);
        if (version != 2 && version != 3) {
            return fail(L, "RESP version must be 2 or 3.");
        }
        client.reply().protocol((int) version);
        if (run != null) {
            run.resp3(version == 3);
        }
        return 0;
    }

    private int setRepl(long L) {
        if (Lua.gettop(L) != 1) {
            return fail(L, "redis.set_repl() requires two arguments.");
        }
        int flags = (int) Lua.tonumber(L, 1);
        if (flags < REPL_NONE || flags > REPL_ALL) {
            return fail(L, "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
        }
        // There is one log for replicas and file: what goes to one of them goes to both.
        if (node != null) {
            node.execution().mute(flags == REPL_NONE);
        }
        return 0;
    }

    private int mayRun(long L) {
        String problem = read(L);
        if (problem != null) {
            return fail(L, problem);
        }
        CommandRow row = table.find(parser.request());
        if (row == null) {
            return fail(L, "Invalid command passed to redis.acl_check_cmd()");
        }
        Lua.pushboolean(L, run == null || run.caller().user().check(row, parser.request()) == null ? 1 : 0);
        return 1;
    }
}
