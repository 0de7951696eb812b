package dev.redisreplication.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.server.Server;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
            Set.of("config", "resp", "lua", "jvm"),
            Set.of("history", "store", "image"),
            Set.of("type", "net"),
            Set.of("rdb", "cli"),
            Set.of("command"),
            Set.of("acl", "command.argument"),
            Set.of("command.*", "acl.command", "script"),
            Set.of("aof"),
            Set.of("aof.command", "replication"),
            Set.of("replication.io"),
            Set.of("replication.command", "sentinel"),
            Set.of("sentinel.io"),
            Set.of("sentinel.command"),
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

    /**
     * Classes that know each other, directly or by others, by the simple names of the outermost ones. The list is to become
     * shorter; a ring that is not on it is a fault, and so is one that it still names when it is gone.
     */
    private static final List<Set<String>> KNOWN_RINGS = List.of(
            // Two halves of one thing, which call each other.
            Set.of("Connection", "ConnectionHandler"),
            Set.of("FunctionRegistrar", "Functions"),
            // One structure, whose parts are apart only because it is large.
            Set.of("HashTable", "Rehash", "Segments"),
            // Parts of one state machine that are built with the whole of it.
            Set.of(
                    "FailoverSide",
                    "Leaving",
                    "Managed",
                    "MasterLink",
                    "MasterStream",
                    "ReplicaLink",
                    "Replicas",
                    "Replication",
                    "ReplicationInfo",
                    "RoleGate"));

    /** Within a package, too: whoever wants to understand a class has to know those that it uses, and those only. */
    @ArchTest
    static final ArchRule noRingsOfClasses = classes().should(new ArchCondition<>("not know those that know them") {
        private final Map<JavaClass, Set<JavaClass>> uses = new LinkedHashMap<>();

        @Override
        public void init(Collection<JavaClass> all) {
            uses.clear();
            for (JavaClass each : all) {
                Set<JavaClass> used = uses.computeIfAbsent(outermost(each), x -> new LinkedHashSet<>());
                for (Dependency d : each.getDirectDependenciesFromSelf()) {
                    JavaClass target = outermost(d.getTargetClass().getBaseComponentType());
                    if (target.getPackageName().startsWith(NODE) && target != outermost(each)) {
                        used.add(target);
                    }
                }
            }
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            // All is done in the end: a ring is one fault, not one of each of its classes.
        }

        @Override
        public void finish(ConditionEvents events) {
            List<Set<String>> known = new ArrayList<>(KNOWN_RINGS);
            for (List<JavaClass> ring : Rings.of(uses)) {
                Set<String> names = new TreeSet<>();
                ring.forEach(each -> names.add(each.getSimpleName()));
                if (!known.remove(names)) {
                    events.add(SimpleConditionEvent.violated(ring, "a ring of " + ring.size() + ": " + shown(ring)));
                }
            }
            known.forEach(gone -> events.add(SimpleConditionEvent.violated(
                    gone, "there is no such ring any more, it is to be taken off the list: " + gone)));
        }

        private String shown(List<JavaClass> ring) {
            StringBuilder text = new StringBuilder();
            for (JavaClass each : ring) {
                text.append("\n    ")
                        .append(each.getName().substring(NODE.length()))
                        .append(" ->");
                uses.get(each).stream()
                        .filter(ring::contains)
                        .map(JavaClass::getSimpleName)
                        .sorted()
                        .forEach(name -> text.append(' ').append(name));
            }
            return text.toString();
        }
    });

    private static JavaClass outermost(JavaClass of) {
        JavaClass outer = of;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    /** The jar of directives, which the operator uses, holds these classes and no others. */
    @ArchTest
    static final ArchRule configurationUsesNothing = noClasses()
            .that()
            .resideInAPackage(NODE + "config..")
            .should()
            .dependOnClassesThat(resideInAPackage(NODE + ".")
                    .and(not(resideInAPackage(NODE + "config..")))
                    .and(not(name(NODE + "memory.ByteText"))));

    /** A directive that nobody reads has a line in {@code directives.tsv}, which says that it has no effect or why it is refused. */
    @ArchTest
    static final ArchRule eachDeclaredDirectiveIsRead = fields().that()
            .areDeclaredIn(Directives.class)
            .and()
            .arePublic()
            .should(new ArchCondition<>("be read outside of the package config") {
                @Override
                public void check(JavaField item, ConditionEvents events) {
                    boolean read = item.getAccessesToSelf().stream()
                            .anyMatch(a -> !a.getOriginOwner().getPackageName().equals(NODE + "config")
                                    || a.getOrigin().getFullName().endsWith(".masterPasswords()"));
                    events.add(new SimpleConditionEvent(item, read, item.getFullName() + " is read by nobody"));
                }
            });

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
