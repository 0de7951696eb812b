package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Nothing;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.GroupView;
import java.util.List;

/**
 * From what is seen to what is to be done. Pure: the same view gives the same decisions, and nothing is remembered
 * between two calls; what has to be remembered (a change under way) is part of the view.
 */
public final class Decider {
    private Decider() {}

    /**
     * What to do now, in this order. Never empty; a list that holds only {@link Nothing} or {@link Decision.Wait} means
     * that nothing is to be sent.
     */
    public static List<Decision> decide(GroupView view) {
        if (!view.leader()) {
            return List.of(new Nothing(Situation.NotLeader, "another operator process leads"));
        }
        return List.of(new Nothing(Situation.Healthy, ""));
    }
}
