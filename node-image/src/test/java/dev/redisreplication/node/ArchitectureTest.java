package dev.redisreplication.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.redisreplication.node.server.Server;
import java.util.List;
import java.util.Set;

/** The packages use each other one way only, as the design says. */
@AnalyzeClasses(locations = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
    private static final String NODE = "dev.redisreplication.node.";

    /**
     * The floors of the house, from the ground up. A package uses those of lower floors, none of its own floor and none
     * above. {@code command.*} are the groups of commands, one class family a Redis command group.
     */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("memory", "log", "disk", "info"),
            Set.of("config", "resp", "lua"),
            Set.of("history", "store"),
            Set.of("type", "net"),
            Set.of("rdb"),
            Set.of("command"),
            Set.of("acl", "command.argument"),
            Set.of("command.*", "acl.command", "script"),
            Set.of("aof"),
            Set.of("aof.command", "replication"),
            Set.of("replication.io"),
            Set.of("replication.command", "sentinel"),
            Set.of("server"));

    /** Where the classes of the server are, without the tests. */
    static final class MainClasses implements LocationProvider {
        @Override
        public Set<Location> get(Class<?> testClass) {
            return Set.of(Location.of(
                    Server.class.getProtectionDomain().getCodeSource().getLocation()));
        }
    }

    @ArchTest
    static final ArchRule packagesUseLowerFloorsOnly = classes()
            .that()
            .doNotHaveSimpleName("package-info")
            .should(new ArchCondition<>("use only packages of lower floors") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    int from = floor(item);
                    if (from < 0) {
                        events.add(SimpleConditionEvent.violated(item, item.getName() + " is on no known floor"));
                        return;
                    }
                    for (Dependency d : item.getDirectDependenciesFromSelf()) {
                        JavaClass target = d.getTargetClass().getBaseComponentType();
                        boolean ours = target.getPackageName().startsWith(NODE);
                        boolean elsewhere = !target.getPackageName().equals(item.getPackageName());
                        if (ours && elsewhere && floor(target) >= from) {
                            events.add(SimpleConditionEvent.violated(d, d.getDescription()));
                        }
                    }
                }
            });

    private static int floor(JavaClass of) {
        String full = of.getPackageName();
        String name = full.startsWith(NODE) ? full.substring(NODE.length()) : full;
        String group = name.startsWith("command.") ? "command.*" : name;
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(name) || (FLOORS.get(i).contains(group) && !isNamed(name))) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a floor names exactly this package. */
    private static boolean isNamed(String name) {
        return FLOORS.stream().anyMatch(floor -> floor.contains(name));
    }

    @ArchTest
    static final ArchRule noRings = slices().matching(NODE + "(**)").should().beFreeOfCycles();

    /** The jar of directives, which the operator uses, holds these classes and no others. */
    @ArchTest
    static final ArchRule configurationUsesNothing = noClasses()
            .that()
            .resideInAPackage(NODE + "config..")
            .should()
            .dependOnClassesThat(resideInAPackage(NODE + ".")
                    .and(not(resideInAPackage(NODE + "config..")))
                    .and(not(name(NODE + "memory.ByteText"))));

    @ArchTest
    static final ArchRule onlyNetSeesNetty = noClasses()
            .that()
            .resideOutsideOfPackage(NODE + "net..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    /** What is known of a command does not depend on who executes it. */
    @ArchTest
    static final ArchRule rowsKnowNoNode = classes()
            .that()
            .resideInAPackage(NODE + "command")
            .and()
            .haveNameMatching(
                    ".*\\.(CommandRow|KeySpec|Keys|KeyFlag|Flag|Category|ErrorTexts|Stats|CommandStats|Effects)(\\$.*)?")
            .should()
            .onlyDependOnClassesThat(
                    not(nameMatching(".*\\.command\\.(Node|Call|Handler|Client|Execution|Dispatcher)")));
}
