package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written from the declaration of the keys is what it says. {@code mvn test -Dtest=ReferenceTest -Dschema.write=true}
 * writes the files anew.
 */
class ReferenceTest {
  private static final String BEGIN = "<!-- configuration:begin -->\n";
  private static final String END = "<!-- configuration:end -->";
  private static final Path README = Path.of("README.md");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/resources/io/aiproxy/config/ai-proxy.schema.json",
        "deploy/ai-proxy.schema.json"
      })
  void theSchemaHasAllKeys(String file) throws IOException {
    String schema = SchemaText.text();
    write(Path.of(file), schema);

    assertThat(Path.of(file)).hasContent(schema);
  }

  @Test
  void theReadmeHasAllKeys() throws IOException {
    String readme = Files.readString(README);
    assertThat(readme).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    String table = "\n" + ReferenceTable.markdown() + "\n";
    write(README, readme.substring(0, begin) + table + readme.substring(end));

    assertThat(Files.readString(README)).contains(BEGIN + table + END);
  }

  @Test
  void theDefaultsAreInTheirOwnRanges() {
    assertThat(List.of(Keys.ROUTE, Keys.AI_PROXY))
        .allSatisfy(members -> members.keys().values().stream()
            .filter(key -> !key.fallback().isMissingNode())
            .forEach(key -> assertThat(faults(key)).as(key.name()).isEqualTo("")));
  }

  private static String faults(Key key) {
    Faults faults = new Faults("");
    key.shape().read(key.fallback(), Place.top(new References(new ScriptedEnvironment()), faults));
    try {
      faults.throwIfAny();
      return "";
    } catch (BadConfiguration e) {
      return e.toString();
    }
  }

  private static void write(Path file, String text) throws IOException {
    if (Boolean.getBoolean("schema.write")) {
      Files.writeString(file, text);
    }
  }
}
