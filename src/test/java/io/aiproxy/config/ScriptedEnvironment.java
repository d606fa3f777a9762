package io.aiproxy.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables and files that a test makes up. */
final class ScriptedEnvironment implements Environment {
  private final Map<String, String> variables = new HashMap<>();
  private final Map<Path, byte[]> files = new HashMap<>();

  ScriptedEnvironment with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  ScriptedEnvironment file(String path, String text) {
    return file(path, text.getBytes(StandardCharsets.UTF_8));
  }

  ScriptedEnvironment file(String path, byte[] content) {
    files.put(Path.of(path), content);
    return this;
  }

  @Override
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  @Override
  public byte[] file(Path path) throws IOException {
    byte[] content = files.get(path);
    if (content == null) {
      throw new NoSuchFileException(path.toString());
    }
    return content;
  }

  @Override
  public Path locate(Path path) {
    return Path.of("/etc/ai-proxy").resolve(path);
  }
}
