package dev.redisreplication.node.sentinel.io;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Space;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.config.ConfigRewriter;
import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.sentinel.Action;
import dev.redisreplication.node.sentinel.Clock;
import dev.redisreplication.node.sentinel.Sentinel;
import dev.redisreplication.node.sentinel.Time;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The state machine on the event loop: carries its actions out, and has it look at the clock. */
public final class SentinelLoop {
    /** Sentinels that look at the clock in the same moments would all want to lead. */
    private static final int LEAST_TICK_MILLIS = 50;

    private static final int TICK_SPREAD_MILLIS = 50;
    private static final int CRASHED = 99;

    private final Node node;
    private final Talks talks;
    private final Scripts scripts;
    private final Sentinel sentinel;
    private final Random random = new Random();
    private final NativeBuffer message = new NativeBuffer(256);

    /** @param port that clients reach this Sentinel at */
    public SentinelLoop(Node node, int port) {
        this.node = node;
        this.talks = new Talks(node.loop(), () -> node.settings().get(Directives.TLS_REPLICATION));
        Clock clock = new Clock() {
            @Override
            public long monotonic() {
                return node.loop().now();
            }

            @Override
            public long wall() {
                return System.currentTimeMillis();
            }
        };
        this.sentinel = new Sentinel(port, clock, random::nextInt, this::act);
        this.scripts = new Scripts(
                node.loop(),
                Path.of(node.settings().get(Directives.DIR)),
                () -> sentinel.views().time(Time.SCRIPT_MAX_RUNTIME),
                () -> sentinel.views().time(Time.SCRIPT_RETRY_DELAY),
                (type, text) -> publish(Log.Level.WARNING, type, text));
        sentinel.configuration().scripts(scripts::isExecutable);
        sentinel.administration().scripts(scripts::isExecutable);
    }

    /** The state machine; on the loop. */
    public Sentinel sentinel() {
        return sentinel;
    }

    /** The scripts of masters. */
    public Scripts scripts() {
        return scripts;
    }

    /** Begins to watch. On the loop, when connections are accepted. */
    public void begin() {
        sentinel.begin();
        tickLater();
    }

    private void tickLater() {
        node.loop().after(LEAST_TICK_MILLIS + random.nextInt(TICK_SPREAD_MILLIS), () -> {
            try {
                sentinel.tick();
                scripts.tick();
            } finally {
                tickLater();
            }
        });
    }

    private void act(Action action) {
        switch (action) {
            case Action.Connect connect -> talks.connect(sentinel, connect);
            case Action.Send send -> talks.send(send);
            case Action.Close close -> talks.close(close);
            case Action.Publish publish -> publish(publish.level(), publish.type(), publish.text());
            case Action.Say say -> Log.event(say.level(), say.text());
            case Action.Save _ -> {
                var _ = save();
            }
            case Action.Run run -> {
                List<String> command = new ArrayList<>(List.of(run.script()));
                command.addAll(run.arguments());
                scripts.add(command);
            }
            case Action.Crash _ -> {
                Log.warning("Sentinel CRASH because of SENTINEL simulate-failure");
                Runtime.getRuntime().halt(CRASHED);
            }
        }
    }

    private void publish(Log.Level level, String type, String text) {
        Log.event(level, type + " " + text);
        if (level == Log.Level.DEBUG) {
            return;
        }
        message.clear();
        message.put(text);
        node.pubSub().publish(Space.CHANNEL, ByteText.bytes(type), message.address(), message.readable());
    }

    /** Writes the file; says whether that went well. */
    public boolean save() {
        try {
            ConfigRewriter.rewrite(
                    node.settings(), "sentinel", sentinel.configuration().lines());
            Log.event(Log.Level.NOTICE, "Sentinel new configuration saved on disk");
            return true;
        } catch (ConfigException e) {
            Log.warning("WARNING: Sentinel was not able to save the new configuration on disk!!!: " + e.getMessage());
            return false;
        }
    }
}
