package io.aiproxy.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a configuration's references lead: environment variables and files. */
public interface Environment {
  /** Of an environment variable; empty if there is none of that name. */
  Optional<String> variable(String name);

  /** What a file holds; the path is as the configuration has it. */
  byte[] file(Path path) throws IOException;

  /** The path by which everybody else finds a file that the configuration names. */
  default Path locate(Path path) {
    return path;
  }

  /**
   * The environment of this process.
   *
   * @param base the folder that relative paths begin at: the configuration file's
   */
  static Environment system(Path base) {
    return new Environment() {
      @Override
      public Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name));
      }

      @Override
      public byte[] file(Path path) throws IOException {
        return SmallFile.read(locate(path));
      }

      @Override
      public Path locate(Path path) {
        return base.toAbsolutePath().resolve(path).normalize();
      }
    };
  }
}
