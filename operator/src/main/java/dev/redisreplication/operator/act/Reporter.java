package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.status.StatusChange;
import dev.redisreplication.operator.status.StatusComposer;
import dev.redisreplication.operator.status.StatusComposer.Finding;
import dev.redisreplication.operator.status.StatusDraft;
import dev.redisreplication.operator.status.StorageCondition;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Has the status say what is seen, as soon and as often as that is worth a write. Only the group's loop calls it. */
public final class Reporter {

    private static final Logger LOG = Logger.getLogger(Reporter.class);
    /** Figures alone are written this often at most. */
    private static final long FIGURES_EVERY_MS = 10_000;

    private final String name;
    private final String group;
    private final int port;
    private final Recorder recorder;
    private final Actor actor;
    private final Announcer announcer;
    private final Clock clock;
    private final InstantSource wall;
    private List<Object> standing = List.of();
    private boolean pending;
    private long lookedAt;
    private long writtenAt;
    private long unsettledSince;
    private StatusView stage;
    private long stageSince;

    public Reporter(
            String name,
            String group,
            int port,
            Recorder recorder,
            Actor actor,
            Announcer announcer,
            Clock clock,
            InstantSource wall) {
        this.name = name;
        this.group = group;
        this.port = port;
        this.recorder = recorder;
        this.actor = actor;
        this.announcer = announcer;
        this.clock = clock;
        this.wall = wall;
        this.lookedAt = clock.millis();
        this.writtenAt = clock.millis() - FIGURES_EVERY_MS;
    }

    /**
     * Looks whether there is something to be written, and begins to write it.
     *
     * @param decisions that the view led to
     * @return whether anything has changed besides offsets and times
     */
    public boolean look(GroupView view, List<Decision> decisions, Notes notes) {
        Finding finding = finding(decisions, notes);
        List<Object> now = standing(view, finding, notes);
        actor.switchover().ifPresent(now::add);
        boolean news = !now.equals(standing);
        standing = now;
        pending |= news;
        Optional<LastFailover> finished = view.leader() ? actor.finished() : Optional.empty();
        boolean settled = settled(view, finding);
        // Before the other side has spoken nobody knows of which generation this is.
        boolean known = !notes.equals(Notes.NONE);
        boolean due = pending || finished.isPresent() || isLong(lookedAt);
        if (view.leader() && known) {
            announcer.look(view, finding, recorder.status(), notes.secretName());
        }
        if (view.leader() && known && settled && due && !recorder.isWriting()) {
            pending = false;
            report(view, finding, notes, finished);
        }
        return news;
    }

    private boolean isLong(long since) {
        return clock.millis() - since >= FIGURES_EVERY_MS;
    }

    private void report(GroupView view, Finding finding, Notes notes, Optional<LastFailover> finished) {
        lookedAt = clock.millis();
        RedisReplicationGroupStatus before = recorder.status();
        RedisReplicationGroupStatus composed =
                StatusComposer.compose(before, view, finding, name, port, notes.generation(), wall.instant());
        StatusDraft draft = StatusDraft.of(composed);
        finished.ifPresent(draft::lastFailover);
        actor.switchover().ifPresent(draft::switchover);
        RedisReplicationGroupStatus after = draft.build();
        StatusChange change = StatusChange.between(before, after);
        if (change == StatusChange.FACTS || (change == StatusChange.FIGURES && isLong(writtenAt))) {
            writtenAt = clock.millis();
            recorder.write(after, written -> written(before, after, finished.isPresent(), written));
        } else if (finished.isPresent()) {
            actor.reported();
        }
    }

    private void written(
            RedisReplicationGroupStatus before, RedisReplicationGroupStatus after, boolean finished, boolean written) {
        if (!written) {
            // Somebody else wrote meanwhile, or nobody knows: the next look writes it.
            pending = true;
            return;
        }
        if (before.phase() != after.phase()) {
            LOG.infof("%s: %s", group, after.phase());
        }
        if (finished) {
            actor.reported();
        }
        announcer.storage(StorageCondition.problems(before), StorageCondition.problems(after));
    }

    /**
     * A failover, as a start, passes through states that are over before anybody could read them. Writing them down would only make
     * it slower, so what is neither well nor lasting is not written yet; another term or master is a state of its own.
     */
    private boolean settled(GroupView view, Finding finding) {
        if (!view.status().equals(stage)) {
            stage = view.status();
            stageSince = view.now();
        }
        if (finding.situation() == Situation.Healthy && view.transition() == null && !actor.isRouting()) {
            unsettledSince = 0;
            return true;
        }
        if (unsettledSince == 0) {
            unsettledSince = view.now();
        }
        return isUnsettledForLong(view)
                && view.now() - stageSince >= view.spec().leaseMs();
    }

    /** Something has been amiss for a lease. */
    public boolean isUnsettledForLong(GroupView view) {
        return unsettledSince != 0 && view.now() - unsettledSince >= view.spec().leaseMs();
    }

    private static Finding finding(List<Decision> decisions, Notes notes) {
        Situation situation = Situation.Healthy;
        String message = "";
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Wait wait) {
                situation = wait.situation();
                message = wait.message();
                break;
            }
            if (decision instanceof Decision.Nothing nothing) {
                situation = nothing.situation();
                message = nothing.message();
                break;
            }
        }
        return new Finding(situation, message, notes.specReason(), notes.specProblem(), notes.rotation());
    }

    /** What a status depends on, offsets and times aside. */
    private static List<Object> standing(GroupView view, Finding finding, Notes notes) {
        List<Object> parts = new ArrayList<>();
        parts.add(view.leader());
        parts.add(finding.situation());
        parts.add(notes);
        parts.add(view.spec());
        parts.add(view.status());
        parts.add(view.transition() == null);
        view.members().forEach(member -> {
            parts.add(member.link());
            parts.add(member.denial());
            parts.add(member.pod() == null ? "" : member.pod());
            if (member.facts() != null) {
                parts.add(member.facts().standing());
            }
        });
        return parts;
    }
}
