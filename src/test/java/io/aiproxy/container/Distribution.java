package io.aiproxy.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;

/** A servlet container as its makers ship it, unpacked by the build. */
enum Distribution {
  TOMCAT_10_1("apache-tomcat-10.1", TomcatRecipe::new),
  TOMCAT_11("apache-tomcat-11.0", TomcatRecipe::new),
  JETTY_12_1("jetty-home-12.1", JettyRecipe::new);

  private static final Path CONTAINERS = Path.of("target", "containers").toAbsolutePath();

  private final String prefix;
  private final Function<Path, Recipe> recipe;

  Distribution(String prefix, Function<Path, Recipe> recipe) {
    this.prefix = prefix;
    this.recipe = recipe;
  }

  /** How to set it up and start it. */
  Recipe recipe() throws IOException {
    return recipe.apply(home());
  }

  private Path home() throws IOException {
    try (Stream<Path> folders = Files.list(CONTAINERS)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + prefix + " in " + CONTAINERS));
    }
  }
}
