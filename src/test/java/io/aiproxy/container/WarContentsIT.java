package io.aiproxy.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the build packs, and what it must not. */
class WarContentsIT {
  private static final Pattern LIBRARY =
      Pattern.compile("WEB-INF/(?:launcher/)?lib/(.+?)-(\\d[^/]*|jre|android)\\.jar");
  private static final Pattern OWN =
      Pattern.compile("WEB-INF/(?:lib/ai-proxy-classes|launcher/lib/ai-proxy-launcher)\\.jar");

  private ZipFile war;

  @BeforeEach
  void open() throws IOException {
    war = new ZipFile(Wars.gateway().toFile());
  }

  @AfterEach
  void close() throws IOException {
    war.close();
  }

  @Test
  void hasEachLibraryOnce() {
    assertThat(artifacts("WEB-INF/")).doesNotHaveDuplicates().hasSizeGreaterThan(40);
  }

  @Test
  void hasEachClassOnce() throws IOException {
    Map<String, String> seen = new HashMap<>();
    for (ZipEntry jar : entries("WEB-INF/lib/")) {
      for (String name : classes(jar)) {
        assertThat(seen.put(name, jar.getName())).as(name).isNull();
      }
    }
  }

  @Test
  void hasNothingThatItDoesNotNeedOrThatTheContainerBrings() throws IOException {
    for (ZipEntry jar : entries("WEB-INF/lib/")) {
      assertThat(classes(jar))
          .as(jar.getName())
          .noneMatch(
              name -> name.matches(
                  "(javax/|jakarta/|io/netty/|dev/langchain4j/|org/junit/|org/apache/(http|commons/logging)/|org/apache/catalina/|org/eclipse/jetty/|ch/qos/logback/).*"));
    }
  }

  @Test
  void logsInOneWay() {
    assertThat(artifacts("WEB-INF/lib/"))
        .filteredOn(name -> name.startsWith("slf4j-"))
        .containsExactlyInAnyOrder("slf4j-api", "slf4j-jdk14");
  }

  @Test
  void namesEachLibraryInItsBillOfMaterials() throws IOException {
    ZipEntry file = war.getEntry("META-INF/sbom/ai-proxy.cdx.json");
    assumeThat(file).as("made only by a build that is not offline").isNotNull();
    JsonNode bill = new ObjectMapper().readTree(war.getInputStream(file));
    Set<String> named = new HashSet<>();
    bill.path("components")
        .forEach(component -> named.add(component.path("name").asText()));

    assertThat(named).containsAll(artifacts("WEB-INF/"));
  }

  private List<String> artifacts(String folder) {
    List<String> names = new ArrayList<>();
    for (ZipEntry entry : entries(folder)) {
      if (OWN.matcher(entry.getName()).matches()) {
        continue;
      }
      Matcher library = LIBRARY.matcher(entry.getName());
      assertThat(library.matches()).as(entry.getName()).isTrue();
      names.add(library.group(1));
    }
    return names;
  }

  private List<? extends ZipEntry> entries(String folder) {
    return Collections.list(war.entries()).stream()
        .filter(entry -> entry.getName().startsWith(folder) && entry.getName().endsWith(".jar"))
        .toList();
  }

  private Set<String> classes(ZipEntry jar) throws IOException {
    Set<String> names = new HashSet<>();
    byte[] bytes = war.getInputStream(jar).readAllBytes();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.endsWith(".class")
            && !name.startsWith("META-INF/")
            && !name.equals("module-info.class")) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
