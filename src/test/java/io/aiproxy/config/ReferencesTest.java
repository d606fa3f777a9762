package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.config.References.Unresolved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {
  private final References references = new References(new ScriptedEnvironment()
      .with("KEY", "sk-secret")
      .with("OTHER_2", "two")
      .with("EMPTY", "")
      .with("TRICKY", "a$1\\${KEY}")
      .with(
          "JSON",
          "{\"key\": \"inner\", \"n\": 1.50, \"a/b\": \"slash\", \"o\": {}, \"null\": null}")
      .file("plain", "from file\n")
      .file("windows", "from file\r\n")
      .file("lines", "one\ntwo\n\n")
      .file("none", "")
      .file("latin", new byte[] {(byte) 0xe9})
      .file("/run/secrets/key", "absolute"));

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          plain text              | plain text
          5 $ and $x              | 5 $ and $x
          ${KEY}                  | sk-secret
          Bearer ${KEY}           | Bearer sk-secret
          ${KEY}${OTHER_2}!       | sk-secrettwo!
          ${NONE:-else}           | else
          ${EMPTY:-else}          | else
          ${KEY:-else}            | sk-secret
          [${NONE:-}]             | []
          ${NONE:-a:-b $x}        | a:-b $x
          ${x:-$}{KEY}            | ${KEY}
          ${TRICKY}               | a$1\\${KEY}
          $ENV://KEY              | sk-secret
          $env://KEY              | sk-secret
          $env://JSON/key         | inner
          $ENV://JSON/n           | 1.50
          $env://JSON/a/b         | slash
          $file://plain           | from file
          $FILE://windows         | from file
          $FILE:///run/secrets/key | absolute
          """)
  void standForSomethingElse(String text, String value) throws Unresolved {
    assertThat(references.resolve(text)).isEqualTo(value);
  }

  @Test
  void leaveAllLineBreaksButTheLastOfAFile() throws Unresolved {
    assertThat(references.resolve("$file://lines")).isEqualTo("one\ntwo\n");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          ${NONE}              | environment variable NONE is not set
          ${KEY} ${NONE}       | environment variable NONE is not set
          ${EMPTY}             | environment variable EMPTY is empty
          $env://NONE          | environment variable NONE is not set
          $env://EMPTY         | environment variable EMPTY is empty
          $env://JSON/none     | environment variable JSON holds no text at none
          $env://JSON/o        | environment variable JSON holds no text at o
          $env://JSON/null     | environment variable JSON holds no text at null
          $env://KEY/a         | environment variable KEY does not hold a JSON object
          $env://              | $env:// must be followed by the name of a variable
          $env://A B           | $env:// must be followed by the name of a variable
          $file://             | $file:// must be followed by the name of a file
          $FILE://nowhere      | file nowhere cannot be read
          $FILE://none         | file none is empty
          $FILE://latin        | file latin is not UTF-8 text
          $secret://a/b/c      | $secret:// is not supported; use ${NAME}, $env:// or $file://
          Bearer $env://KEY    | $env:// must be the beginning of the string; inside of one, ${NAME} is a variable
          ${                   | ${ must be followed by the name of a variable and }, as in ${NAME} or ${NAME:-default}
          ${KEY                | ${ must be followed by the name of a variable and }, as in ${NAME} or ${NAME:-default}
          ${}                  | ${ must be followed by the name of a variable and }, as in ${NAME} or ${NAME:-default}
          ${1A}                | ${ must be followed by the name of a variable and }, as in ${NAME} or ${NAME:-default}
          ${KEY-x}             | ${ must be followed by the name of a variable and }, as in ${NAME} or ${NAME:-default}
          """)
  void areRefusedByNameWhereTheyLeadNowhere(String text, String message) {
    assertThat(catchThrowableOfType(Unresolved.class, () -> references.resolve(text))
            .message())
        .isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$file://a\u0000b", "$file://\n"})
  void areRefusedWhereAFileCannotHaveTheName(String text) {
    assertThat(catchThrowableOfType(Unresolved.class, () -> references.resolve(text))
            .message())
        .endsWith("cannot be read");
  }

  @Test
  void findFilesBesideTheConfiguration(@TempDir Path folder) throws IOException, Unresolved {
    Files.writeString(folder.resolve("key"), "beside\n");

    assertThat(new References(Environment.system(folder)).resolve("$file://key"))
        .isEqualTo("beside");
  }

  @Test
  void doNotReadWhatIsNoFile(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("key"));
    References system = new References(Environment.system(folder));

    assertThat(catchThrowableOfType(Unresolved.class, () -> system.resolve("$file://key"))
            .message())
        .isEqualTo("file key cannot be read");
  }
}
