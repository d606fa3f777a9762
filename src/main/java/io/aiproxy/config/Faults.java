package io.aiproxy.config;

import java.util.ArrayList;
import java.util.List;

/** What a reading has found wrong so far; bounded, since a long file can be wrong in every line. For one thread. */
final class Faults {
  private static final int MAX = 100;

  private final String base;
  private final List<ConfigError> found = new ArrayList<>();
  private int more;

  /** @param base what all paths that are reported leave out where they begin with it */
  Faults(String base) {
    this.base = base;
  }

  void add(String path, String message) {
    if (found.size() < MAX) {
      found.add(
          new ConfigError(path.startsWith(base) ? path.substring(base.length()) : path, message));
    } else {
      more++;
    }
  }

  void throwIfAny() throws BadConfiguration {
    if (found.isEmpty()) {
      return;
    }
    List<ConfigError> all = new ArrayList<>(found);
    if (more > 0) {
      all.add(new ConfigError("", "and " + more + " more"));
    }
    throw new BadConfiguration(all);
  }
}
