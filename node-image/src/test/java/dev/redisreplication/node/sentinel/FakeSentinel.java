package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.resp.ErrorReply;
import java.util.ArrayList;
import java.util.List;

/** The real state machine, with the world for its sockets and its clock. */
final class FakeSentinel implements World.Talker {
    private final World world;
    private final List<World.Talk> own = new ArrayList<>();
    private final List<World.Talk> incoming = new ArrayList<>();
    final int port;
    final List<String> events = new ArrayList<>();
    final List<List<String>> scripts = new ArrayList<>();
    /** What it wanted and could not have wanted. */
    final List<String> faults = new ArrayList<>();
    /** What would be found after a crash. */
    List<String> file = List.of();

    Sentinel machine;
    boolean alive = true;
    boolean cutOff;
    private int life;

    FakeSentinel(World world, int port, List<String> lines) throws ConfigException {
        this.world = world;
        this.port = port;
        machine = machine();
        machine.configuration().myId("%040d".formatted(port));
        read(lines);
    }

    private Sentinel machine() {
        return new Sentinel(port, world.clock(), world.random::nextInt, this::act);
    }

    private void read(List<String> lines) throws ConfigException {
        List<Configuration.Line> all = new ArrayList<>();
        lines.forEach(line -> all.add(new Configuration.Line(List.of(line.split(" ", -1)), line)));
        machine.configuration().read(all);
    }

    void begin() {
        machine.begin();
        int mine = life;
        world.after(50 + world.random.nextInt(50), () -> tick(mine));
    }

    private void tick(int of) {
        if (alive && of == life) {
            machine.tick();
            world.after(50 + world.random.nextInt(50), () -> tick(of));
        }
    }

    void kill() {
        alive = false;
        life++;
        own.forEach(talk -> {
            talk.open = false;
            talk.to.talks().remove(talk);
        });
        own.clear();
        List.copyOf(incoming).forEach(talk -> talk.from.ended(talk));
        incoming.clear();
    }

    /** Its process stands still: nothing that is said to it is heard. */
    void freeze() {
        alive = false;
    }

    /** It goes on where it was. */
    void thaw() {
        alive = true;
        tick(++life);
    }

    /** It starts anew with what it has written. */
    void restart() throws ConfigException {
        alive = true;
        machine = machine();
        read(file.stream().map(line -> line.substring("sentinel ".length())).toList());
        begin();
    }

    Master master() {
        return machine.views().master("group");
    }

    int masterPort() {
        return master().current().port();
    }

    // ---- actions

    private void act(Action action) {
        switch (action) {
            case Action.Connect c -> connect(c);
            case Action.Send s -> send(s);
            case Action.Close c ->
                own.stream()
                        .filter(t -> t.link == c.link() && t.asked.listens() == c.listens())
                        .toList()
                        .forEach(this::drop);
            case Action.Publish p -> {
                if (p.level() != Log.Level.DEBUG) {
                    events.add(p.type() + " " + p.text());
                }
            }
            case Action.Save _ -> file = machine.configuration().lines();
            case Action.Run r -> {
                List<String> all = new ArrayList<>(List.of(r.script()));
                all.addAll(r.arguments());
                scripts.add(all);
            }
            case Action.Say _, Action.Crash _ -> {
                // Nothing that others could see.
            }
        }
    }

    private void drop(World.Talk talk) {
        talk.open = false;
        own.remove(talk);
        talk.to.talks().remove(talk);
    }

    private void connect(Action.Connect what) {
        Address where = what.to().address();
        if (!Address.isLiteral(where.host()) || where.port() < 1 || where.port() > Address.LAST_PORT) {
            faults.add("connects to " + where);
        }
        World.Talker to = world.at(what.to().address().port());
        World.Talk talk = new World.Talk(this, to, what);
        Sentinel asking = machine;
        world.after(world.delay(), () -> {
            if (machine != asking || !alive) {
                return;
            }
            if (to == null || !to.alive() || unreachable(to)) {
                machine.disconnected(what.master(), what.to(), what.listens(), false, "Connection refused");
                return;
            }
            talk.open = true;
            own.add(talk);
            to.talks().add(talk);
            machine.connected(what.master(), what.to(), what.listens(), "127.0.0.1", "127.0.0.1");
        });
    }

    private boolean unreachable(World.Talker to) {
        return cutOff || (to instanceof FakeSentinel other && other.cutOff);
    }

    private void send(Action.Send what) {
        World.Talk talk = own.stream()
                .filter(t -> t.link == what.link() && t.asked.listens() == what.listens())
                .findFirst()
                .orElse(null);
        if (talk == null) {
            return;
        }
        inOrder(talk, () -> {
            if (!talk.open || !talk.to.alive() || unreachable(talk.to)) {
                return;
            }
            Object reply = world.noise.apply(talk.to.answer(talk, what.words()));
            inOrder(talk, () -> {
                if (talk.open && alive && !what.listens()) {
                    machine.replied(what.question(), reply);
                }
            });
        });
    }

    private void inOrder(World.Talk talk, Runnable what) {
        talk.lastArrival = Math.max(talk.lastArrival, world.now() + world.delay());
        world.after(talk.lastArrival - world.now(), what);
    }

    /** The other side has ended a connection. */
    void ended(World.Talk talk) {
        if (!talk.open) {
            return;
        }
        drop(talk);
        world.after(world.delay(), () -> {
            if (alive && talk.asked.to().link() == talk.link) {
                machine.disconnected(
                        talk.asked.master(), talk.asked.to(), talk.asked.listens(), true, "closed by peer");
            }
        });
    }

    void heard(World.Talk talk, String text) {
        if (talk.open && alive && !cutOff) {
            machine.message(talk.asked.to(), String.valueOf(world.noise.apply(text)));
        }
    }

    // ---- what others ask it

    @Override
    public boolean alive() {
        return alive;
    }

    @Override
    public List<World.Talk> talks() {
        return incoming;
    }

    @Override
    public Object answer(World.Talk talk, List<String> words) {
        return switch (words.getFirst()) {
            case "PING" -> "PONG";
            case "PUBLISH" -> {
                machine.message(String.valueOf(world.noise.apply(words.get(2))));
                yield 1L;
            }
            case "SENTINEL" -> {
                if (Long.parseUnsignedLong(words.get(4)) < 0) {
                    yield new ErrorReply("ERR value is not an integer or out of range");
                }
                Sentinel.Verdict verdict = machine.verdict(
                        words.get(2), Integer.parseInt(words.get(3)), Long.parseLong(words.get(4)), words.get(5));
                yield List.of(verdict.down() ? 1L : 0L, verdict.leader(), verdict.leaderEpoch());
            }
            default -> "OK";
        };
    }
}
