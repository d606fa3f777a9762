package io.aiproxy.translate;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.protocol.Protocols;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Requests that say, taken together, all that a protocol can say: they lie in {@code resources/translate}. */
final class Everything {
  /** The protocols in which one chats, in the order of the documentation. */
  static final List<String> PROTOCOLS = List.of(
      "openai-chat",
      "openai-responses",
      "anthropic-messages",
      "gemini-generate",
      "bedrock-converse",
      "cohere-chat",
      "ollama-chat");

  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .build();
  private static final ChatTerms TERMS = new ChatTerms();

  private Everything() {}

  /** What a request becomes: written in another protocol, and what was lost by its places. */
  record Said(JsonNode written, Set<String> lost) {}

  /** The requests of a protocol. */
  static List<ObjectNode> of(String protocol) {
    try (InputStream file =
        Everything.class.getResourceAsStream("/translate/" + protocol + ".json")) {
      List<ObjectNode> requests = new ArrayList<>();
      JSON.readTree(file).forEach(request -> requests.add((ObjectNode) request));
      return requests;
    } catch (IOException notThere) {
      throw new UncheckedIOException(notThere);
    }
  }

  /**
   * Says it in another protocol.
   *
   * @throws io.aiproxy.call.Problem if it is no request
   */
  static Said said(String client, ObjectNode body, String upstream) {
    Request asked = chat(client)
        .request(
            body.deepCopy(), body.path("model").asText("m"), body.path("stream").asBoolean());
    Losses losses = new Losses();
    ObjectNode written = chat(upstream).request(TERMS.outward(asked), losses);
    return new Said(same(written), Set.copyOf(losses.places()));
  }

  private static Chat chat(String protocol) {
    return (Chat) Protocols.dialect(protocol).orElseThrow();
  }

  /** As it comes out at the other end: a number is one whatever type it had here. */
  private static JsonNode same(JsonNode node) {
    try {
      return JSON.readTree(JSON.writeValueAsBytes(node));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
