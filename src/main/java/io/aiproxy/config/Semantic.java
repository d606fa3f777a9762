package io.aiproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Headers;
import io.aiproxy.call.Target;
import io.aiproxy.embedding.InProcessModel;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;

/**
 * How the instance for a prompt is found by what the prompt is about. Immutable.
 *
 * @param vectors who makes them
 * @param patience how long an answer with vectors may take; longer than zero, 3 s unless configured
 * @param topics one for each instance, in their order
 * @param fallback the name of the instance that is asked if no topic is the prompt's
 * @param debugging whether the client is told how the instance was found
 */
public record Semantic(
    Vectors vectors, Duration patience, List<Topic> topics, String fallback, boolean debugging) {
  public Semantic {
    Bounds.positive("patience", patience);
    topics = List.copyOf(topics);
  }

  /**
   * What an instance is for.
   *
   * @param examples prompts that are meant for it, 1 to 64
   * @param threshold how much a prompt must be like one of them: a cosine, -1 to 1
   */
  public record Topic(List<String> examples, double threshold) {
    public Topic {
      examples = List.copyOf(examples);
    }
  }

  /** Who makes vectors of texts. */
  public sealed interface Vectors {}

  /** A model in this JVM. */
  public record Local(InProcessModel model) implements Vectors {}

  /**
   * An endpoint that speaks OpenAI's protocol.
   *
   * @param model empty if the address says which one it is
   */
  public record Remote(Endpoint endpoint, Auth auth, String model, Transport transport)
      implements Vectors {
    /** Where requests go, with the credentials that belong there. */
    public Target target() {
      StringJoiner query = new StringJoiner("&");
      if (!endpoint.query().isEmpty()) {
        query.add(endpoint.query());
      }
      auth.query()
          .forEach((name, value) -> query.add(encoded(name) + "=" + encoded(value.reveal())));
      return new Target(
          endpoint.scheme(), endpoint.host(), endpoint.port(), endpoint.path(), query.toString());
    }

    /** All fields of a request, credentials included. */
    public Headers headers() {
      Headers.Builder headers = Headers.builder();
      auth.header().forEach((name, value) -> headers.set(name, value.reveal()));
      return headers.set("Content-Type", "application/json").build();
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
  }
}
