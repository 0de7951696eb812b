package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.decide.Decider;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.observe.GroupView;
import java.util.List;
import java.util.Optional;

/** What decides; the real one or one that is broken on purpose. */
interface Brain {
    Brain REAL = new Brain() {};

    default List<Decision> decide(GroupView view) {
        return Decider.decide(view);
    }

    default Optional<Heartbeat.Renew> renew(GroupView view) {
        return Heartbeat.renew(view);
    }
}
