package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Request;

/** Who a client is, and what it may do. What it may do changes while clients are connected. On the event loop. */
public interface User {
    /** Its name. */
    String name();

    /** Whether it may do everything, so that nothing else has to be asked. */
    boolean isUnrestricted();

    /**
     * Whether it may run a command with these arguments. Changes nothing and logs nothing.
     *
     * @param row what {@code request} calls; of too few arguments or too many only the command itself is looked at
     * @return null if it may
     */
    Denial check(CommandRow row, Request request);

    /** Whether one rule allows it the command with these arguments, and to read each key there may be. */
    boolean readsAnyKey(CommandRow row, Request request);

    /** Who is above all rules: the master's stream, the append-only file. */
    User SUPERUSER = new User() {
        @Override
        public String name() {
            return "(superuser)";
        }

        @Override
        public boolean isUnrestricted() {
            return true;
        }

        @Override
        public Denial check(CommandRow row, Request request) {
            return null;
        }

        @Override
        public boolean readsAnyKey(CommandRow row, Request request) {
            return true;
        }
    };
}
