package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.Mailbox;

/** Messages and moments of one process, in this world's order. */
final class SimMailbox implements Mailbox {
    private final Actor owner;

    SimMailbox(Actor owner) {
        this.owner = owner;
    }

    @Override
    public void post(Runnable message) {
        owner.later(0, message);
    }

    @Override
    public Mailbox.Alarm alarm(Runnable message) {
        return new SimAlarm(message);
    }

    private final class SimAlarm implements Mailbox.Alarm {
        private final Runnable message;
        private long at = Long.MAX_VALUE;
        private int set;

        SimAlarm(Runnable message) {
            this.message = message;
        }

        @Override
        public void by(long millis) {
            if (at <= millis) {
                return;
            }
            at = millis;
            int mine = ++set;
            long left = Math.clamp(millis - owner.ms(), 0, 1_000_000);
            owner.later(left * 1000, () -> {
                if (mine == set) {
                    at = Long.MAX_VALUE;
                    message.run();
                }
            });
        }

        @Override
        public void cancel() {
            set++;
            at = Long.MAX_VALUE;
        }
    }
}
