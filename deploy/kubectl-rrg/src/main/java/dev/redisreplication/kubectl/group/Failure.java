package dev.redisreplication.kubectl.group;

/** What was asked for cannot be done; the message is for the user. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Refused or failed. */
    public static final int FAILED = 1;
    /** It goes on, but was not finished in the time given. */
    public static final int NOT_YET = 3;

    private final int status;

    public Failure(String message) {
        this(FAILED, message);
    }

    /** @param status that the process ends with */
    public Failure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
