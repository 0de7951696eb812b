package dev.redisreplication.operator.observe;

/** Where everything that happens to a group goes: one thread runs one message after the other, none of them blocks. */
public interface Mailbox {

    /** Runs it later on the mailbox' thread, after what was posted before. From any thread. */
    void post(Runnable message);

    /** An alarm that is not set yet; the message runs on the mailbox' thread. */
    Alarm alarm(Runnable message);

    /** Something to be run once its moment has come. */
    interface Alarm {
        /** Lets it run at that moment, in the clock's milliseconds, unless it runs earlier anyway. From any thread. */
        void by(long millis);

        /** It does not run any more, until it is set again. */
        void cancel();
    }
}
