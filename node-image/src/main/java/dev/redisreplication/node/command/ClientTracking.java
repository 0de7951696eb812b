package dev.redisreplication.node.command;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** How one client wants to be told which keys change that it may have cached: what CLIENT TRACKING ON said. */
public final class ClientTracking {
    /** Which reads of a client count, unless it is told of all keys with a prefix. */
    public enum Mode {
        /** All. */
        DEFAULT,
        /** Those after CLIENT CACHING YES. */
        OPTIN,
        /** All but those after CLIENT CACHING NO. */
        OPTOUT
    }

    /**
     * Options of CLIENT TRACKING ON.
     *
     * @param redirect the number of the client that gets the messages, 0 for the client itself
     * @param broadcast whether it is told of every key that begins with one of its prefixes, whatever it has read
     * @param noLoop whether it is not told of what it changes itself
     */
    public record Options(long redirect, boolean broadcast, Mode mode, boolean noLoop) {}

    final Options options;
    final NavigableSet<byte[]> prefixes = new TreeSet<>(Arrays::compareUnsigned);
    boolean caching;
    boolean broken;

    ClientTracking(Options options) {
        this.options = options;
    }

    public Options options() {
        return options;
    }

    /** The prefixes that it wants to hear of, in the order of their bytes; not to be changed. */
    public List<byte[]> prefixes() {
        return List.copyOf(prefixes);
    }

    /** Whether CLIENT CACHING was said for the next command, or for the transaction that it begins. */
    public boolean caching() {
        return caching;
    }

    /** Says so. */
    public void cachingNext() {
        caching = true;
    }

    /** Whether a message could not be sent, as the client is gone that gets them. */
    public boolean broken() {
        return broken;
    }

    boolean remembersReads() {
        return switch (options.mode) {
            case DEFAULT -> !options.broadcast;
            case OPTIN -> caching;
            case OPTOUT -> !caching;
        };
    }

    /** A command of the client is done, of no row if it was unknown: CLIENT, and what is queued for a transaction, look ahead. */
    void commandDone(CommandRow row, boolean inMulti) {
        caching &= inMulti || (row != null && row.name.startsWith("client"));
    }
}
