package io.aiproxy.json;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class MappersTest {
  /** A mapper with Jackson's defaults leaves its buffers in thread-locals of the container's threads. */
  @Test
  void areTheOnlyOnesThatBeginAMapper() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Mappers.class.getName())
        .should()
        .callMethod(JsonMapper.class, "builder")
        .check(new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.aiproxy"));
  }
}
