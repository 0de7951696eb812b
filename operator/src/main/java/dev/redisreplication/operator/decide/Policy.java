package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.GroupView;
import java.util.List;
import java.util.Optional;

/** All that is decided about a group, purely. There is one, {@link #REAL}; tests try what happens with a wrong one. */
public interface Policy {

    /** {@link Decider} and {@link Heartbeat}. */
    Policy REAL = new Policy() {};

    /** What to do now, see {@link Decider#decide}. */
    default List<Decision> decide(GroupView view) {
        return Decider.decide(view);
    }

    /** Which lease to renew now, see {@link Heartbeat#renew}. */
    default Optional<Heartbeat.Renew> renew(GroupView view) {
        return Heartbeat.renew(view);
    }
}
