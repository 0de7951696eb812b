package dev.redisreplication.operator.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.redisreplication.operator.decide.Policy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The decider in random schedules of crashes, pauses, partitions, deletions and restarts, with the invariants of the design looked
 * at all the time. {@code -Dsimulation.schedules=N} and {@code -Dsimulation.from=SEED} run others, {@code
 * -Dsimulation.kind=KIND} only those of one kind; {@code -Dsimulation.seed=SEED} replays one with a trace.
 */
class SimulationTest {
    private static final long SCHEDULES = Long.getLong("simulation.schedules", 60_000);
    private static final long FROM = Long.getLong("simulation.from", 0);
    private static final String KIND = System.getProperty("simulation.kind", "");
    /** Kept, as what nobody holds forgets its level. */
    private static final Logger OPERATOR = Logger.getLogger("dev.redisreplication.operator");

    /** Of each mutant so many schedules at most; the real one has to withstand more. */
    private static final long FOR_MUTANTS = 40_000;

    /** The operators of millions of failovers have a lot to say. */
    @BeforeAll
    static void silence() {
        OPERATOR.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        OPERATOR.setLevel(null);
    }

    @Test
    void whatMustBeTrueIsTrueInAllSchedules() {
        AtomicLong acks = new AtomicLong();
        AtomicLong promotions = new AtomicLong();
        Optional<String> violation = LongStream.range(FROM, FROM + SCHEDULES)
                .parallel()
                .mapToObj(seed -> {
                    Schedule schedule = schedule(seed, false);
                    Optional<String> found = run(seed, schedule);
                    acks.addAndGet(schedule.world.checks.acks);
                    promotions.addAndGet(schedule.world.checks.promotions);
                    return found;
                })
                .flatMap(Optional::stream)
                .findAny();
        violation.ifPresent(message -> fail(message));
        // They were about something.
        assertThat(acks.get()).isGreaterThan(30 * SCHEDULES);
        assertThat(promotions.get()).isGreaterThan(SCHEDULES);
    }

    @ParameterizedTest
    @EnumSource
    void aMistakeIsNoticed(Mutant mutant) {
        Optional<String> noticed = LongStream.range(0, FOR_MUTANTS)
                .mapToObj(seed -> run(seed, mutant.schedule(seed)))
                .flatMap(Optional::stream)
                .findFirst();
        assertThat(noticed).as(mutant.name()).isPresent();
    }

    @Test
    void theSameSeedGivesTheSameSchedule() {
        for (long seed = 0; seed < 40; seed++) {
            Schedule one = new Schedule(seed, Policy.REAL, Rules.KEPT, false);
            Schedule other = new Schedule(seed, Policy.REAL, Rules.KEPT, false);
            one.run();
            other.run();
            assertThat(other.world.now).isEqualTo(one.world.now);
            assertThat(other.world.checks.acks).isEqualTo(one.world.checks.acks);
            assertThat(other.world.nextId()).isEqualTo(one.world.nextId());
        }
    }

    /** One schedule alone; with a seed given, all that happens in it is told. */
    @Test
    void replay() {
        long seed = Long.getLong("simulation.seed", FROM);
        Schedule schedule = schedule(seed, System.getProperty("simulation.seed") != null);
        schedule.run();
        assertThat(schedule.group.unready()).isEmpty();
    }

    private static Schedule schedule(long seed, boolean tracing) {
        return KIND.isEmpty()
                ? new Schedule(seed, Policy.REAL, Rules.KEPT, tracing)
                : new Schedule(seed, Schedule.Kind.valueOf(KIND), Policy.REAL, Rules.KEPT, tracing);
    }

    private static Optional<String> run(long seed, Schedule schedule) {
        try {
            schedule.run();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of("seed %d (%s): %s%nreplay with -Dtest=SimulationTest#replay -Dsimulation.seed=%d"
                    .formatted(seed, schedule.kind, violation.getMessage(), seed));
        }
    }
}
