package io.aiproxy;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.aiproxy.ledger.Ticker;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walls of the house: who may know whom. */
class ArchitectureTest {
  private static final String ROOT = "io.aiproxy";
  private static final JavaClasses OURS = new ClassFileImporter()
      .importUrl(Gateway.class.getProtectionDomain().getCodeSource().getLocation());

  /** What a feature may use besides the JDK. */
  private static final Set<String> VOCABULARY = Set.of(
      "auth",
      "call",
      "config",
      "embedding",
      "json",
      "ledger",
      "neutral",
      "protocol",
      "provider",
      "stream",
      "usage",
      "wire");

  @Test
  void servletsAreKnownAtTheClientsEndAlone() {
    check(noClasses()
        .that(outside("", "servlet", "launch"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.servlet.."));
  }

  @Test
  void theHttpClientIsKnownAtTheUpstreamsEndAlone() {
    check(noClasses()
        .that(outside("upstream"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.hc.."));
  }

  @Test
  void serverAndLogOfTheProgramAreKnownToItsLauncherAlone() {
    check(noClasses()
        .that(outside("launch"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.jetty..", "ch.qos.logback.."));
  }

  @Test
  void librariesOfCloudsAreKnownToWhomTheyLetInAlone() {
    check(noClasses()
        .that(outside("auth"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.google.auth..", "com.google.api..", "software.amazon..", "com.microsoft.."));
  }

  @Test
  void theLibraryForVectorsIsKnownToOneRoomAlone() {
    check(noClasses()
        .that(outside("embedding"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.langchain4j.."));
  }

  @Test
  void nobodyKnowsTheLauncher() {
    check(noClasses()
        .that(outside("launch"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".launch.."));
  }

  @Test
  void onlyTheRootAndTheLauncherKnowTheRoot() {
    check(noClasses()
        .that(outside("", "launch"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rewrite", "metering", "limit", "translate", "balance", "models"})
  void featuresKnowTheVocabularyAndNotEachOther(String feature) {
    String[] allowed = Stream.concat(VOCABULARY.stream(), Stream.of(feature))
        .map(name -> ROOT + "." + name + "..")
        .toArray(String[]::new);
    check(noClasses()
        .that()
        .resideInAPackage(ROOT + "." + feature + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + "..")
            .and(DescribedPredicate.not(resideInAnyPackage(allowed)))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth",
        "call",
        "config",
        "embedding",
        "json",
        "ledger",
        "neutral",
        "protocol",
        "provider",
        "stream",
        "usage",
        "wire"
      })
  void theVocabularyKnowsNoFeatureAndNoEnd(String room) {
    String[] allowed =
        VOCABULARY.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
    check(noClasses()
        .that()
        .resideInAPackage(ROOT + "." + room + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + "..")
            .and(DescribedPredicate.not(resideInAnyPackage(allowed)))));
  }

  @Test
  void theUpstreamsEndKnowsNothingOfTheClients() {
    check(noClasses()
        .that()
        .resideInAPackage(ROOT + ".upstream..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".servlet..", ROOT + ".rewrite..", ROOT + ".metering..", ROOT + ".limit.."));
  }

  @Test
  void plumbingHasNoOpinions() {
    check(noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".json..", ROOT + ".stream..", ROOT + ".usage..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + "..")
            .and(DescribedPredicate.not(
                resideInAnyPackage(ROOT + ".json..", ROOT + ".stream..", ROOT + ".usage..")))));
  }

  @Test
  void packagesDoNotGoInCircles() {
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void nothingStaticChanges() {
    check(fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .andShould()
        .notHaveRawType(DescribedPredicate.describe(
            "that is made to change", ArchitectureTest::isMadeToChange)));
  }

  private static boolean isMadeToChange(JavaClass type) {
    return type.isAssignableTo(ConcurrentMap.class)
        || type.getPackageName().equals("java.util.concurrent.atomic")
        || type.getPackageName().equals("java.util.concurrent.locks");
  }

  @Test
  void nothingHangsOnAThread() {
    check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
  }

  @Test
  void onlyOneTypeAsksForTheTime() {
    check(noClasses()
        .that()
        .areNotAssignableTo(Ticker.class)
        .should()
        .accessTargetWhere(targetOwner(type(System.class))
            .and(target(nameMatching("nanoTime|currentTimeMillis")))));
  }

  @Test
  void locksAreOnesThatVirtualThreadsCanWaitFor() {
    check(noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED));
  }

  @Test
  void publicClassesAreFinalUnlessTheyAreMadeToBeExtended() {
    check(classes()
        .that()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should()
        .haveModifier(JavaModifier.FINAL));
  }

  private static void check(ArchRule rule) {
    rule.check(OURS);
  }

  private static DescribedPredicate<JavaClass> outside(String... rooms) {
    String[] packages = Arrays.stream(rooms)
        .map(room -> room.isEmpty() ? ROOT : ROOT + "." + room + "..")
        .toArray(String[]::new);
    return DescribedPredicate.not(resideInAnyPackage(packages));
  }
}
