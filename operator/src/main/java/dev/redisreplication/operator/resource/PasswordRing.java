package dev.redisreplication.operator.resource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The passwords that the nodes of a group take: the one in force, and while it is spread those before it.
 *
 * @param passwords the newest first
 * @param since when the newest became it
 */
public record PasswordRing(List<String> passwords, Instant since) {

    /** None is known yet. */
    public static final PasswordRing EMPTY = new PasswordRing(List.of(), Instant.EPOCH);

    private static final int MOST = 8;

    public PasswordRing {
        passwords = List.copyOf(passwords);
    }

    /** The password in force. */
    public String newest() {
        return passwords.getFirst();
    }

    /** Whether one before it is still taken. */
    public boolean turning() {
        return passwords.size() > 1;
    }

    /** Says nothing of them: it may be logged. */
    @Override
    public String toString() {
        return passwords.size() + " passwords since " + since;
    }

    /** The ring when the user's Secret says this. */
    public PasswordRing with(String password, Instant now) {
        if (!passwords.isEmpty() && newest().equals(password)) {
            return this;
        }
        List<String> next = new ArrayList<>(passwords);
        next.remove(password);
        next.addFirst(password);
        return new PasswordRing(next.subList(0, Math.min(next.size(), MOST)), now);
    }

    /**
     * The ring without those before the newest, if their time is over: every member takes the newest, and clients had the time
     * that they were promised.
     *
     * @param lacking members that are not known to take the newest
     */
    public PasswordRing settled(List<String> lacking, Duration promised, Instant now) {
        boolean over = turning() && lacking.isEmpty() && !now.isBefore(since.plus(promised));
        return over ? new PasswordRing(List.of(newest()), since) : this;
    }
}
