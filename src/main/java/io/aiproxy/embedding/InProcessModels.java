package io.aiproxy.embedding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** The models of this JVM that a configuration can name. Immutable. */
public final class InProcessModels {
  private final Map<String, InProcessModel> byName = new LinkedHashMap<>();

  private InProcessModels(Iterable<InProcessModel> models) {
    models.forEach(model -> byName.putIfAbsent(model.name(), model));
  }

  /** Those of the class path; of namesakes the first one. */
  public static InProcessModels installed() {
    return new InProcessModels(
        ServiceLoader.load(InProcessModel.class, InProcessModels.class.getClassLoader()));
  }

  public Optional<InProcessModel> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** In the order in which they were found. */
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }
}
