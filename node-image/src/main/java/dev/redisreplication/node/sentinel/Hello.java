package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import java.util.List;

/** Hello messages: by them Sentinels find each other, and hear of epochs and switches. */
final class Hello {
    private static final int FIELDS = 8;

    private final Book book;
    private final Speaker speaker;
    private final Registry registry;
    private final int port;

    /** @param port of this Sentinel, where none is announced */
    Hello(Book book, Speaker speaker, Registry registry, int port) {
        this.book = book;
        this.speaker = speaker;
        this.registry = registry;
        this.port = port;
    }

    /**
     * What a hello message says.
     *
     * @param host of the Sentinel that sends it
     * @param epoch current epoch of that Sentinel
     * @param masterEpoch epoch of its configuration of the master
     */
    record Message(
            String host,
            int port,
            String runId,
            long epoch,
            String master,
            String masterHost,
            int masterPort,
            long masterEpoch) {
        /** Reads one; null if it is none. */
        static Message of(String text) {
            String[] f = text.split(",", -1);
            if (f.length != FIELDS) {
                return null;
            }
            try {
                return new Message(
                        f[0],
                        Integer.parseInt(f[1]),
                        f[2],
                        Long.parseUnsignedLong(f[3]),
                        f[4],
                        f[5],
                        Integer.parseInt(f[6]),
                        Long.parseUnsignedLong(f[7]));
            } catch (NumberFormatException e) {
                return null;
            }
        }

        String text() {
            return host + "," + port + "," + runId + "," + Long.toUnsignedString(epoch) + "," + master + ","
                    + masterHost + "," + masterPort + "," + Long.toUnsignedString(masterEpoch);
        }
    }

    /** Sends ours by way of an instance: to all who listen on it, or to the Sentinel that it is. */
    void send(Master master, Instance by) {
        by.lastHelloSent = book.now;
        String host = book.globals.announceIp.isEmpty() ? by.link.localAddress : book.globals.announceIp;
        int ours = book.globals.announcePort == 0 ? port : book.globals.announcePort;
        Address at = master.current();
        Message message = new Message(
                host, ours, book.myId, book.epoch, master.name, book.host(at), at.port(), master.configEpoch);
        speaker.ask(master, by, Question.Kind.HELLO, "PUBLISH", Speaker.HELLO_CHANNEL, message.text());
    }

    /** Sends ours by way of all who can be reached: what it says has changed. */
    void sendToAll(Master master) {
        for (Instance instance : master.everybody()) {
            if (!instance.link.isDown()) {
                send(master, instance);
            }
        }
    }

    /** Reads one that has come. */
    void receive(String text) {
        Message message = Message.of(text);
        Master master = message == null ? null : book.masters.get(message.master);
        if (master == null || message.runId.equals(book.myId)) {
            return;
        }
        OtherSentinel sender = sender(master, message);
        if (Book.isLater(message.epoch, book.epoch)) {
            book.epoch(message.epoch, master);
        }
        if (sender == null) {
            return;
        }
        if (Book.isLater(message.masterEpoch, master.configEpoch)
                && book.isPlace(message.masterHost, message.masterPort)) {
            master.configEpoch = message.masterEpoch;
            if (!master.address.isAt(message.masterHost, message.masterPort)) {
                follow(master, sender, message);
            }
        }
        sender.lastHelloAt = book.now;
    }

    private void follow(Master master, OtherSentinel sender, Message message) {
        Address next = known(master, message.masterHost, message.masterPort);
        book.event(Log.Level.WARNING, "+config-update-from", master, sender);
        book.publish(
                Log.Level.WARNING,
                "+switch-master",
                master,
                master.name + " " + book.place(master.address) + " " + message.masterHost + " " + message.masterPort);
        book.reconfigured(master, "observer", master.address, next);
        registry.switchTo(master, next);
    }

    /** As we know it, if we do: with what its name leads to. */
    private static Address known(Master master, String host, int port) {
        for (Replica replica : master.replicas.values()) {
            if (replica.address.isAt(host, port)) {
                return replica.address;
            }
        }
        return Address.of(host, port);
    }

    /** Who has sent it, known from now on; null if nobody can be where it says that it is. */
    private OtherSentinel sender(Master master, Message message) {
        OtherSentinel known = master.sentinels.get(message.runId);
        if (known != null && known.address.isAt(message.host, message.port)) {
            return known;
        }
        if (!book.isPlace(message.host, message.port)) {
            return null;
        }
        Address address = Address.of(message.host, message.port);
        if (known != null) {
            registry.moved(message.runId, address);
            book.event(
                    Log.Level.NOTICE,
                    "+sentinel-address-switch",
                    master,
                    master,
                    " ip " + message.host + " port " + message.port + " for " + message.runId);
            book.save();
            return known;
        }
        invalidate(master, message);
        OtherSentinel added = registry.addSentinel(master, message.runId, address);
        book.event(Log.Level.NOTICE, "+sentinel", master, added);
        book.save();
        return added;
    }

    /** Another one was thought to be at this address: if it is elsewhere, it will say where. */
    private void invalidate(Master master, Message message) {
        for (OtherSentinel other : List.copyOf(master.sentinels.values())) {
            if (other.address.port() != 0 && other.address.isAt(message.host, message.port)) {
                book.event(Log.Level.NOTICE, "+sentinel-invalid-addr", master, other);
                registry.forget(other.runId);
            }
        }
    }
}
