package io.aiproxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code mvn test -Dtest=AttributeReferenceTest -Dattributes.write=true} writes the README's table anew. */
class AttributeReferenceTest {
  private static final String BEGIN = "<!-- attributes:begin -->\n";
  private static final String END = "<!-- attributes:end -->";
  private static final Path README = Path.of("README.md");

  @Test
  void theReadmeHasAllAttributes() throws IOException {
    String readme = Files.readString(README);
    assertThat(readme).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    String table = "\n" + AttributeTable.markdown() + "\n";
    if (Boolean.getBoolean("attributes.write")) {
      int begin = readme.indexOf(BEGIN) + BEGIN.length();
      Files.writeString(
          README, readme.substring(0, begin) + table + readme.substring(readme.indexOf(END)));
    }

    assertThat(Files.readString(README)).contains(BEGIN + table + END);
  }
}
