package io.aiproxy.provider;

import java.util.List;
import java.util.Optional;

/**
 * A service that answers: where it is, which protocols it speaks where, and its habits. Others than those of
 * {@link Providers} are found by {@link java.util.ServiceLoader}. Has no state; safe for all threads.
 */
public interface Provider {
  /** As configuration names it. */
  String name();

  /** Where it is if configuration does not say, as {@code https://host}; empty if configuration must say it. */
  Optional<String> base();

  /** The names of the protocols that it speaks itself, besides what is passed through. */
  List<String> protocols();

  /** The path of a protocol that it speaks, with the leading slash. */
  String path(String protocol);

  /** The member of a request that bounds how much the model may write; empty if it writes nothing. */
  Optional<String> maxTokens(String protocol);

  /** Members that go when {@link #maxTokens} is set, since the provider takes only one of them. */
  default List<String> replacedByMaxTokens(String protocol) {
    return List.of();
  }

  /** Whether a request's {@code model} is for it; if not, the address says which model it is. */
  default boolean takesModel() {
    return true;
  }
}
