package io.aiproxy.protocol;

import static io.aiproxy.protocol.DialectJson.string;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.call.Problem;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Media.Kind;
import io.aiproxy.neutral.Part.Source;
import io.aiproxy.neutral.Signature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the content blocks of one request or answer, in their order: a result is told the name of the tool by the call before
 * it. Used by one thread.
 */
final class AnthropicBlockReader {
  static final String CACHE_CONTROL = "cache_control";

  /** Before the data of a thought that nobody may read, which is known again by it as others are by their signature. */
  static final String REDACTED = "redacted:";

  private static final Set<String> OF_TEXT = Set.of("type", "text", "citations", CACHE_CONTROL);
  private static final Set<String> OF_THINKING = Set.of("type", "thinking", "signature");
  private static final Set<String> OF_REDACTED = Set.of("type", "data");
  private static final Set<String> OF_CALL = Set.of("type", "id", "name", "input", CACHE_CONTROL);
  private static final Set<String> OF_RESULT =
      Set.of("type", "tool_use_id", "content", "is_error", CACHE_CONTROL);
  private static final Set<String> OF_MEDIA = Set.of("type", "source", "title", CACHE_CONTROL);
  private static final Set<String> OF_CITATION =
      Set.of("url", "title", "document_title", "cited_text");

  private final Map<String, String> tools = new HashMap<>();

  /**
   * Blocks, each cache point behind its own.
   *
   * @throws Problem if they are none
   */
  List<Part> parts(JsonNode blocks, String path) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      String at = path + "[" + i + "]";
      if (!(blocks.get(i) instanceof ObjectNode block)) {
        throw Problem.of(
                Problem.Kind.INVALID_REQUEST, "invalid content at index " + i + ": not an object")
            .at(at);
      }
      Part part = part(block, at);
      parts.add(part);
      if (!(part instanceof Part.Other)) {
        cachePoint(block, at).ifPresent(parts::add);
      }
    }
    return parts;
  }

  /** What a {@code cache_control} says, be it a block's, a tool's or that of all. */
  static Optional<Part> cachePoint(ObjectNode holder, String path) {
    return holder.path(CACHE_CONTROL) instanceof ObjectNode control
        ? Optional.of(new Part.CachePoint(
            string(control, "ttl"),
            origin(path + "." + CACHE_CONTROL, control, Set.of("type", "ttl"))))
        : Optional.empty();
  }

  private static Origin origin(String path, ObjectNode object, Set<String> understood) {
    return Origin.of(AnthropicMessages.NAME, path, object, understood);
  }

  /** One block; what is of no known type stays as it is. */
  Part part(ObjectNode block, String at) {
    return switch (string(block, "type")) {
      case "text" ->
        new Part.Text(string(block, "text"), citations(block, at), origin(at, block, OF_TEXT));
      case "thinking" -> thinking(block, at);
      case "redacted_thinking" ->
        new Part.Thought(
            "",
            Optional.of(Signature.from(REDACTED + string(block, "data"), AnthropicMessages.NAME)),
            origin(at, block, OF_REDACTED));
      case "tool_use" -> call(block, at);
      case "tool_result" -> result(block, at);
      case "image" -> media(Kind.IMAGE, block, at);
      case "document" -> media(Kind.DOCUMENT, block, at);
      default -> other(block, at);
    };
  }

  private static Part other(ObjectNode block, String at) {
    return new Part.Other(block, origin(at, block, Set.copyOf(names(block))));
  }

  private static List<String> names(ObjectNode block) {
    return block.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static List<Citation> citations(ObjectNode block, String at) {
    List<Citation> citations = new ArrayList<>();
    JsonNode all = block.path("citations");
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof ObjectNode citation) {
        citations.add(citation(citation, at + ".citations[" + i + "]"));
      }
    }
    return citations;
  }

  /** It is the whole text that is cited for, so there is no place within it. */
  static Citation citation(ObjectNode citation, String at) {
    String title = string(citation, "document_title");
    return new Citation(
        string(citation, "url"),
        title.isEmpty() ? string(citation, "title") : title,
        string(citation, "cited_text"),
        -1,
        -1,
        origin(at, citation, OF_CITATION));
  }

  private static Part thinking(ObjectNode block, String at) {
    return new Part.Thought(
        string(block, "thinking"),
        signature(string(block, "signature")),
        origin(at, block, OF_THINKING));
  }

  static Optional<Signature> signature(String found) {
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Signature.from(found, AnthropicMessages.NAME));
  }

  private Part call(ObjectNode block, String at) {
    String id = string(block, "id");
    String name = string(block, "name");
    tools.put(id, name);
    JsonNode input = block.path("input");
    String arguments = input.isMissingNode() ? "{}" : DialectJson.text(input);
    return new Part.ToolCall(
        id,
        name,
        arguments,
        false,
        Origin.of(AnthropicMessages.NAME, at, block, OF_CALL, Set.of("caller")));
  }

  private Part result(ObjectNode block, String at) {
    String id = string(block, "tool_use_id");
    JsonNode content = block.path("content");
    return new Part.ToolResult(
        id,
        tools.getOrDefault(id, ""),
        content.isTextual()
            ? List.of(Part.Text.of(content.textValue()))
            : parts(content, at + ".content"),
        !content.isArray(),
        block.path("is_error").asBoolean(),
        origin(at, block, OF_RESULT));
  }

  private static Part media(Kind kind, ObjectNode block, String at) {
    if (!(block.path("source") instanceof ObjectNode source)) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "invalid content: source must be an object")
          .at(at + ".source");
    }
    String form = string(source, "type");
    if (form.equals("content")) {
      return ofBlocks(source.path("content"), block, at);
    }
    String type = form.equals("text") ? "text/plain" : string(source, "media_type");
    return source(form, source)
        .<Part>map(found ->
            new Part.Media(kind, type, found, string(block, "title"), origin(at, block, OF_MEDIA)))
        .orElseGet(() -> other(block, at));
  }

  private static Optional<Source> source(String form, ObjectNode source) {
    return switch (form) {
      case "base64" ->
        said(source, "data").map(data -> new Source.Data(data.replaceAll("\\s", "")));
      case "url" -> said(source, "url").map(Source.Url::new);
      case "file" -> said(source, "file_id").map(Source.File::new);
      case "text" -> said(source, "data").map(text -> new Source.Data(encoded(text)));
      default -> Optional.empty();
    };
  }

  private static Optional<String> said(ObjectNode source, String name) {
    return Optional.of(string(source, name)).filter(value -> !value.isEmpty());
  }

  /** A document made of blocks: others get its text, and the pictures among it are lost by the name of its source. */
  private static Part ofBlocks(JsonNode content, ObjectNode block, String at) {
    StringBuilder text = new StringBuilder(content.isTextual() ? content.textValue() : "");
    content.forEach(inner -> text.append(string(inner, "text")));
    if (text.isEmpty()) {
      return other(block, at);
    }
    Set<String> understood = Set.of("type", "title", CACHE_CONTROL);
    return new Part.Media(
        Kind.DOCUMENT,
        "text/plain",
        new Source.Data(encoded(text.toString())),
        string(block, "title"),
        origin(at, block, understood));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
