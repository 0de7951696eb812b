package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.NOTIFY_KEYSPACE_EVENTS;

import dev.redisreplication.node.config.EventClasses;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.EnumSet;
import java.util.Set;

/**
 * Tells subscribers what happens to keys, as {@code notify-keyspace-events} wants it: the event on the channel
 * {@code __keyspace@<db>__:<key>}, the key on {@code __keyevent@<db>__:<event>}. See
 * <a href="https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/">Redis keyspace notifications</a>.
 */
final class Notifications implements Journal.Reader {
    private final NodeSettings settings;
    private final PubSub pubSub;
    private final Journal.Subscription journal;
    private final NativeBuffer name = new NativeBuffer(64);
    private final Set<Event> wanted = EnumSet.noneOf(Event.class);
    private boolean byKey;
    private boolean byEvent;

    Notifications(NodeSettings settings, Journal journal, PubSub pubSub) {
        this.settings = settings;
        this.pubSub = pubSub;
        this.journal = journal.subscribe(this);
        settings.onChange(NOTIFY_KEYSPACE_EVENTS, x -> settle());
        settle();
    }

    private void settle() {
        inOrder();
        EventClasses classes = settings.get(NOTIFY_KEYSPACE_EVENTS);
        byKey = classes.include('K');
        byEvent = classes.include('E');
        wanted.clear();
        for (Event event : Event.values()) {
            if (event.redisName() != null && classes.include(event.group())) {
                wanted.add(event);
            }
        }
        journal.on((byKey || byEvent) && !wanted.isEmpty());
    }

    /** Sends what is due of the execution so far, for another message is about to be sent, or to be waited for. */
    void inOrder() {
        journal.catchUp();
    }

    @Override
    public void read(Event event, int db, long key, int length) {
        if (!wanted.contains(event) || !pubSub.anybodyListens()) {
            return;
        }
        if (byKey && length <= HeldNames.LONGEST) {
            name.clear();
            name.put(event.redisName());
            byte[] head = ByteText.bytes("__keyspace@" + db + "__:");
            byte[] channel = new byte[head.length + length];
            System.arraycopy(head, 0, channel, 0, head.length);
            System.arraycopy(Ascii.bytes(key, length), 0, channel, head.length, length);
            pubSub.deliver(channel, name.address(), name.readable());
        }
        if (byEvent) {
            pubSub.deliver(ByteText.bytes("__keyevent@" + db + "__:" + event.redisName()), key, length);
        }
    }
}
