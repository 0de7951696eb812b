package dev.redisreplication.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The packages use each other one way only. */
class ArchitectureTest {
    private static final String OPERATOR = "dev.redisreplication.operator";

    /** From the ground up: a package uses those of lower floors, none of its own floor and none above. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of(".resource"),
            Set.of(".observe"),
            Set.of(".decide", ".metrics", ".ledger"),
            Set.of(".status"),
            Set.of(".act"),
            Set.of(".group"),
            Set.of(""));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importLocations(Set.of(Location.of(
                    OperatorSettings.class.getProtectionDomain().getCodeSource().getLocation())));

    @Test
    void packagesUseLowerFloorsOnly() {
        classes()
                .that()
                .resideInAPackage(OPERATOR + "..")
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
                            boolean elsewhere = !target.getPackageName().equals(item.getPackageName());
                            if (elsewhere && floor(target) >= from) {
                                events.add(SimpleConditionEvent.violated(d, d.getDescription()));
                            }
                        }
                    }
                })
                .check(CLASSES);
    }

    /** -1 for what is not ours. */
    private static int floor(JavaClass of) {
        String name = of.getPackageName();
        for (int i = 0; i < FLOORS.size(); i++) {
            if (name.startsWith(OPERATOR) && FLOORS.get(i).contains(name.substring(OPERATOR.length()))) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void thereAreNoRings() {
        slices().matching(OPERATOR + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** It is run through simulated schedules, which is worth something only if it sees nothing but its arguments. */
    @Test
    void decisionsNeedNoInputAndNoClock() {
        noClasses()
                .that()
                .resideInAPackage(OPERATOR + ".decide")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..", "java.net..", "java.nio..", "java.time..", "io.fabric8..", "io.netty..")
                .check(CLASSES);
    }
}
