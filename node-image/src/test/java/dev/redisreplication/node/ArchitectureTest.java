package dev.redisreplication.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The packages use each other one way only, as the design says. */
@AnalyzeClasses(packages = "dev.redisreplication.node", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String NODE = "dev.redisreplication.node.";

    @ArchTest
    static final ArchRule memoryUsesNothing = mayNotUse("memory", "store..", "type..", "resp..", "net..", "command..");

    @ArchTest
    static final ArchRule theDiskUsesNothing = mayNotUse(
            "disk", "memory", "store..", "type..", "resp..", "net..", "command..", "config..", "aof..", "server..");

    @ArchTest
    static final ArchRule storeUsesMemoryOnly =
            mayNotUse("store", "type..", "resp..", "net..", "command..", "config..", "replication..", "server..");

    @ArchTest
    static final ArchRule typesNeverSeeTheWire =
            mayNotUse("type", "resp..", "net..", "command..", "config..", "replication..", "server..");

    @ArchTest
    static final ArchRule theWireFormatKnowsNoSocket =
            mayNotUse("resp", "net..", "store..", "type..", "command..", "config..", "replication..", "server..");

    @ArchTest
    static final ArchRule socketsKnowNoCommand =
            mayNotUse("net", "store..", "type..", "command..", "config..", "replication..", "server..");

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
    static final ArchRule reportsUseNothing =
            mayNotUse("info", "store..", "type..", "resp..", "net..", "command..", "replication..", "server..");

    @ArchTest
    static final ArchRule nobodyUsesTheServer = noClasses()
            .that()
            .resideOutsideOfPackage(NODE + "server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(NODE + "server..");

    @ArchTest
    static final ArchRule onlyNetSeesNetty = noClasses()
            .that()
            .resideOutsideOfPackage(NODE + "net..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule theFrameworkKnowsNoGroup = noClasses()
            .that()
            .resideInAPackage(NODE + "command")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NODE + "command.(*)..", NODE + "replication..", NODE + "aof..", NODE + "rdb..");

    private static ArchRule mayNotUse(String who, String... whom) {
        String[] packages = new String[whom.length];
        for (int i = 0; i < whom.length; i++) {
            packages[i] = NODE + whom[i];
        }
        return noClasses()
                .that()
                .resideInAPackage(NODE + who + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }
}
