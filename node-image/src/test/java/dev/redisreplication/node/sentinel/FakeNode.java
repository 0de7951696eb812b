package dev.redisreplication.node.sentinel;

import java.util.ArrayList;
import java.util.List;

/** A master or a replica, as far as a Sentinel sees it. */
final class FakeNode implements World.Talker {
    private final World world;
    private final List<World.Talk> talks = new ArrayList<>();
    final int port;
    boolean alive = true;
    int master; // port, or 0
    int priority = 100;
    long offset = 100;
    String runId;
    int starts;
    final List<String> orders = new ArrayList<>();

    FakeNode(World world, int port, int master) {
        this.world = world;
        this.port = port;
        this.master = master;
        newRunId();
    }

    private void newRunId() {
        runId = "%d%036d".formatted(port, ++starts);
    }

    void kill() {
        alive = false;
        List.copyOf(talks).forEach(talk -> talk.from.ended(talk));
        talks.clear();
    }

    /** It comes back as a master, as a server does whose file says nothing else. */
    void restart() {
        alive = true;
        master = 0;
        newRunId();
    }

    @Override
    public boolean alive() {
        return alive;
    }

    @Override
    public List<World.Talk> talks() {
        return talks;
    }

    @Override
    public Object answer(World.Talk talk, List<String> words) {
        String name = words.getFirst();
        if (talk.queued != null && !name.equals("EXEC")) {
            talk.queued.add(words);
            return "QUEUED";
        }
        return switch (name) {
            case "PING" -> "PONG";
            case "INFO" -> info();
            case "SUBSCRIBE" -> {
                talk.subscribed = true;
                yield null;
            }
            case "PUBLISH" -> {
                publish(words.get(2));
                yield 1L;
            }
            case "MULTI" -> {
                talk.queued = new ArrayList<>();
                yield "OK";
            }
            case "EXEC" -> exec(talk);
            default -> "OK";
        };
    }

    private Object exec(World.Talk talk) {
        for (List<String> words : talk.queued) {
            if (words.getFirst().equals("SLAVEOF")) {
                orders.add(String.join(" ", words));
                master = words.get(1).equals("NO") ? 0 : Integer.parseInt(words.get(2));
            }
        }
        talk.queued = null;
        List.copyOf(talks).stream().filter(t -> t != talk).forEach(t -> t.from.ended(t));
        return List.of("OK");
    }

    private void publish(String text) {
        for (World.Talk talk : talks) {
            if (talk.subscribed && talk.open) {
                world.after(world.delay(), () -> talk.from.heard(talk, text));
            }
        }
    }

    private String info() {
        StringBuilder text = new StringBuilder("run_id:" + runId + "\r\n");
        if (master == 0) {
            text.append("role:master\r\n");
            int i = 0;
            for (FakeNode node : world.nodes) {
                if (node.alive && node.master == port) {
                    text.append("slave" + i++ + ":ip=127.0.0.1,port=" + node.port + ",state=online\r\n");
                }
            }
            return text.toString();
        }
        boolean up = world.node(master).alive && world.node(master).master == 0;
        return text + "role:slave\r\nmaster_host:127.0.0.1\r\nmaster_port:" + master + "\r\nmaster_link_status:"
                + (up ? "up" : "down") + "\r\nslave_priority:" + priority + "\r\nslave_repl_offset:" + offset
                + "\r\n";
    }
}
