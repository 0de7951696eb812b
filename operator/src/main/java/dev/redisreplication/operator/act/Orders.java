package dev.redisreplication.operator.act;

import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.NodeLink;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/** Sends orders to nodes. Only the group's loop calls it. */
final class Orders {

    private static final Logger LOG = Logger.getLogger(Orders.class);

    private final String group;
    private final Pass pass;

    Orders(String group, Pass pass) {
        this.group = group;
        this.pass = pass;
    }

    /** An order that was sent is a step that this process does not end in, as long as its answer may come. */
    CompletableFuture<Object> send(
            MemberProbe probe, Target target, BiConsumer<Object, Throwable> then, String... command) {
        boolean held = pass.begin();
        return probe.order(target.runId(), command).whenComplete((reply, failure) -> {
            try {
                then.accept(reply, failure);
            } finally {
                if (held) {
                    pass.end();
                }
            }
        });
    }

    /** Whether the node obeyed for certain; says so if not. */
    boolean confirmed(Target target, Object reply, Throwable failure) {
        String why = problem(reply, failure);
        if (!why.isEmpty()) {
            LOG.infof("%s: %s did not obey: %s", group, target.member(), why);
        }
        return why.isEmpty();
    }

    /** Why it is not certain that the node obeyed, "" if it is. */
    static String problem(Object reply, Throwable failure) {
        if (failure != null) {
            return "no answer: " + failure.getMessage();
        }
        return reply instanceof NodeLink.Refusal refusal ? refusal.message() : "";
    }
}
