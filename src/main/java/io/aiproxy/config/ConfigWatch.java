package io.aiproxy.config;

import java.nio.file.Path;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;

public final class ConfigWatch implements AutoCloseable {
  public interface Source {
    Configuration read(byte[] b) throws BadConfiguration;
  }

  public ConfigWatch(
      Path p,
      Source r,
      Consumer<Configuration> a,
      Consumer<List<ConfigError>> b,
      ScheduledExecutorService s) {}

  @Override
  public void close() {}
}
