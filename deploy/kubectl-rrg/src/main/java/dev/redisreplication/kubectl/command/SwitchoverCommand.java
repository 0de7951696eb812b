package dev.redisreplication.kubectl.command;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.kubectl.group.Failure;
import dev.redisreplication.kubectl.group.Found;
import dev.redisreplication.kubectl.group.LiveGroup;
import dev.redisreplication.kubectl.group.LiveGroup.Member;
import dev.redisreplication.kubectl.group.Switchover;
import dev.redisreplication.kubectl.group.Switchover.Outcome;
import dev.redisreplication.kubectl.print.Style;
import java.io.Console;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubectl rrg switchover}. */
@Command(
        name = "switchover",
        description = {
            "Make the pod named master, or of a group the replica that has most. Nothing is lost: writes pause until the other one"
                    + " has everything."
        })
final class SwitchoverCommand extends GroupCommand {
    @Option(
            names = "--force",
            description = "Even if the pod does not catch up: says first how many bytes that may lose, and asks.")
    private boolean force;

    @Option(names = "--yes", description = "With --force: do not ask.")
    private boolean yes;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "For how long to wait for the operator (default 60); after that the status is 3.")
    private int timeout;

    @Override
    int run(Found found) throws InterruptedException {
        if (force) {
            confirm(found, found.read());
        }
        Outcome outcome = new Switchover(found).order(force, Duration.ofSeconds(timeout));
        if (outcome.outcome().isEmpty()) {
            throw new Failure(
                    Failure.NOT_YET,
                    "the order was given, and the operator has not answered in " + timeout
                            + " s; does it run? Look at: kubectl describe rrg " + found.name());
        }
        if (!outcome.isGood()) {
            throw new Failure(outcome.outcome() + ": " + outcome.message());
        }
        say(List.of(
                outcome.outcome().equals("Done")
                        ? Style.GOOD.of(outcome.message())
                        : "Nothing to do: " + outcome.message()));
        return 0;
    }

    /** What a promotion that cannot wait costs: what the target lacks now. */
    private void confirm(Found found, RedisReplicationGroup group) {
        if (found.pod().isEmpty()) {
            throw new Failure("--force needs a pod: which one shall be master?");
        }
        Found whole = new Found(found.client(), found.namespace(), found.name(), "");
        try (LiveGroup live = new LiveGroup(whole)) {
            List<Member> members = live.look(group);
            long head = members.stream()
                    .filter(m -> m.role().equals("master"))
                    .mapToLong(Member::offset)
                    .max()
                    .orElse(-1);
            long offset = members.stream()
                    .filter(m -> m.name().equals(found.pod()))
                    .mapToLong(Member::offset)
                    .findFirst()
                    .orElse(-1);
            err().println(
                            head < 0 || offset < 0
                                    ? "Nobody knows how much " + found.pod()
                                            + " lacks: that member or the master does not answer."
                                    : found.pod() + " lacks " + Math.max(0, head - offset)
                                            + " bytes of what the master has now; what it still lacks after the pause is lost.");
        }
        err().flush();
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new Failure("--force asks before it does that; where nobody can answer, add --yes");
        }
        if (!"yes".equals(console.readLine("Type yes to go on: "))) {
            throw new Failure("nothing was done");
        }
    }
}
