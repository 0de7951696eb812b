package dev.redisreplication.operator.sim;

/** The leader's lease, taken and kept as Kubernetes clients do. */
final class Leadership implements dev.redisreplication.operator.observe.Leadership {
    private static final long LEASE_MS = 1500;
    private static final long RENEW_DEADLINE_MS = 1000;
    private static final long RETRY_MICROS = 300_000;

    private final SimOperator operator;
    private final Api api;
    private final boolean elected;
    private final Runnable led;
    private long since;
    private long validUntil = Long.MIN_VALUE;
    private boolean held;
    private Api.Leader seen;
    private long seenAt;

    /** @param elected whether there is more than one, so that they have to agree on who leads */
    Leadership(SimOperator operator, Api api, boolean elected, Runnable led) {
        this.operator = operator;
        this.api = api;
        this.elected = elected;
        this.led = led;
        this.held = !elected;
        this.since = operator.ms();
    }

    boolean isElected() {
        return elected;
    }

    @Override
    public boolean leading() {
        return !elected || holds();
    }

    @Override
    public long since() {
        return since;
    }

    private boolean holds() {
        return held && (operator.ms() < validUntil || !operator.world.rules.keep(Rules.Rule.LEADER_CHECKS_ITS_CLOCK));
    }

    void start() {
        if (!elected) {
            return;
        }
        operator.later(RETRY_MICROS, this::start);
        if (held && !holds()) {
            // Losing it ends the process.
            operator.die();
            return;
        }
        if (held) {
            take();
        } else {
            api.call(operator, () -> api.leader, this::look, () -> {});
        }
    }

    /** Whoever acts leads: nobody else has taken the lease meanwhile. */
    void mustBeOurs(String what) {
        String holder = api.leader.holder();
        if (elected && !holder.isEmpty() && !holder.equals(operator.name)) {
            operator.world.fail(operator.name + " " + what + " though " + holder + " leads");
        }
    }

    /** Gives the lease back, if it is still this operator's. */
    void release() {
        api.call(
                operator,
                () -> {
                    boolean mine = api.leader.holder().equals(operator.name);
                    if (mine) {
                        operator.world.trace(() -> operator.name + " gave the leader's lease back");
                        api.leader = new Api.Leader("", api.leader.renewals() + 1);
                    }
                    return mine;
                },
                released -> {},
                () -> {});
    }

    private void look(Api.Leader now) {
        if (seen == null || !seen.equals(now)) {
            seen = now;
            seenAt = operator.ms();
        }
        if (now.holder().isEmpty() || operator.ms() - seenAt > LEASE_MS) {
            take();
        }
    }

    private void take() {
        long sentAt = operator.ms();
        Api.Leader expected = seen;
        api.call(
                operator,
                () -> {
                    boolean mine = api.leader.holder().equals(operator.name);
                    if (!mine && !api.leader.equals(expected)) {
                        return false;
                    }
                    api.leader = new Api.Leader(operator.name, api.leader.renewals() + 1);
                    return true;
                },
                taken -> {
                    if (taken) {
                        validUntil = sentAt + RENEW_DEADLINE_MS;
                        if (!held) {
                            held = true;
                            since = operator.ms();
                            operator.world.trace(() -> operator.name + " leads");
                            led.run();
                        }
                    }
                },
                () -> {});
    }
}
