package io.aiproxy.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service that answers: where it is, which protocols it speaks where, and its habits. Others than those of
 * {@link Providers} are found by {@link java.util.ServiceLoader}. Has no state; safe for all threads.
 */
public interface Provider {
  /** As configuration names it. */
  String name();

  /**
   * Where it is if configuration does not say, as {@code https://host}; empty if configuration must say it. A name in braces,
   * such as {@code {region}}, stands for that member of {@code provider_conf}.
   */
  Optional<String> base();

  /** The same with the names in braces filled in; somewhere else if what they say wants that. */
  default Optional<String> base(Map<String, String> conf) {
    return base().map(template -> {
      String filled = template;
      for (Map.Entry<String, String> entry : conf.entrySet()) {
        filled = filled.replace("{" + entry.getKey() + "}", entry.getValue());
      }
      return filled;
    });
  }

  /**
   * The names of the protocols that it speaks itself, besides what is passed through. A client that speaks none of them is
   * translated to the first one that can be.
   */
  List<String> protocols();

  /**
   * The path of a protocol that it speaks, with the leading slash; perhaps with a query. {@code {model}} stands for the model
   * that is asked for, percent-encoded as one segment, another name in braces for that member of {@code provider_conf}.
   */
  String path(String protocol);

  /**
   * What it is behind an address with that path, if the path is where its own ones begin: they have it then. Empty if such a
   * path is the one of all protocols.
   */
  default Optional<Provider> behind(String path) {
    return Optional.empty();
  }

  /** The same for an answer that is to be streamed. */
  default String streamPath(String protocol) {
    return path(protocol);
  }

  /** Header fields that a protocol needs there, by name; each is sent if neither client nor configuration gives it. */
  default Map<String, String> headers(String protocol) {
    return Map.of();
  }

  /**
   * The member of a request that bounds how much the model may write, with dots where it lies within others; empty if the
   * model writes nothing.
   */
  Optional<String> maxTokens(String protocol);

  /** Members that go when {@link #maxTokens} is set, since the provider takes only one of them. */
  default List<String> replacedByMaxTokens(String protocol) {
    return List.of();
  }

  /** Whether a request's {@code model} is for it; if not, the address says which model it is. */
  default boolean takesModel(String protocol) {
    return !path(protocol).contains("{model}");
  }
}
