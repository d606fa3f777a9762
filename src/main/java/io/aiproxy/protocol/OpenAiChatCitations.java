package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where an answer has something from: {@code annotations}, each for a run of characters of the whole content. */
final class OpenAiChatCitations {
  static final String ANNOTATIONS = "annotations";

  private static final String URL = "url_citation";
  private static final String FROM = "start_index";
  private static final String TO = "end_index";

  private OpenAiChatCitations() {}

  /** All of a message or of a piece of it; what is no citation of a page is passed over. */
  static List<Citation> read(ObjectNode message, String path) {
    List<Citation> citations = new ArrayList<>();
    JsonNode annotations = message.path(ANNOTATIONS);
    for (int i = 0; i < annotations.size(); i++) {
      if (annotations.get(i).path(URL) instanceof ObjectNode cited) {
        citations.add(citation(cited, path + "." + ANNOTATIONS + "[" + i + "]." + URL));
      }
    }
    return citations;
  }

  private static Citation citation(ObjectNode cited, String path) {
    return new Citation(
        OpenAiJson.text(cited, "url"),
        OpenAiJson.text(cited, "title"),
        "",
        cited.path(FROM).asInt(-1),
        cited.path(TO).asInt(-1),
        Origin.of(PROTOCOL, path, cited, Set.of("url", "title", FROM, TO)));
  }

  /**
   * Writes one; empty if it is not of a page.
   *
   * @param begin where the text that it belongs to begins in the content
   * @param end where that ends so far
   */
  static Optional<ObjectNode> write(Citation citation, int begin, int end) {
    if (citation.url().isEmpty()) {
      return Optional.empty();
    }
    ObjectNode written = OpenAiJson.object().put("type", URL);
    written
        .putObject(URL)
        .put(FROM, citation.from() < 0 ? begin : begin + citation.from())
        .put(TO, citation.to() < 0 ? end : begin + citation.to())
        .put("url", citation.url())
        .put("title", citation.title());
    return Optional.of(written);
  }
}
