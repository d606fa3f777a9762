package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The documentation says what translation loses. {@code mvn test -Dtest=LossTableTest -Dlosses.write=true} writes it anew.
 */
class LossTableTest {
  private static final String BEGIN = "<!-- losses:begin -->\n";
  private static final String END = "<!-- losses:end -->";
  private static final Path README = Path.of("README.md");

  @Test
  void theReadmeSaysWhatIsLost() throws IOException {
    String readme = Files.readString(README);
    assertThat(readme).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    String table = "\n" + LossTable.markdown() + "\n";
    if (Boolean.getBoolean("losses.write")) {
      int begin = readme.indexOf(BEGIN) + BEGIN.length();
      Files.writeString(
          README, readme.substring(0, begin) + table + readme.substring(readme.indexOf(END)));
    }

    assertThat(Files.readString(README)).contains(BEGIN + table + END);
  }
}
